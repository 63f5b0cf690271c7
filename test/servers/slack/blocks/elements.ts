import { z } from "zod";
import { anyText, list, plain, richText, string } from "./text.ts";

const confirm = z.strictObject({
  title: plain(100).optional(),
  text: anyText(300),
  confirm: plain(30).optional(),
  deny: plain(30).optional(),
  style: z.enum(["primary", "danger"]).optional(),
});

const element = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), action_id: string(255).optional(), ...shape });

const confirmed = { confirm: confirm.optional() };
const focused = { focus_on_load: z.boolean().optional() };
const placeheld = { placeholder: plain(150).optional() };
const input = {
  ...focused,
  ...placeheld,
  dispatch_action_config: z.looseObject({}).optional(),
};
const label = { accessibility_label: string(75).optional() };

const option = (text: z.ZodType) =>
  z.strictObject({
    text,
    value: string(150),
    description: plain(75).optional(),
    url: string(3000).optional(),
  });
const plainOption = option(plain(75));
const anyOption = option(anyText(75));
const group = z.strictObject({ label: plain(75), options: list(plainOption, 100) });

export const image = z.strictObject({
  type: z.literal("image"),
  alt_text: string(2000, 1),
  image_url: string(3000).optional(),
  slack_file: z.looseObject({}).optional(),
});

export const button = element("button", {
  text: plain(75),
  value: string(2000).optional(),
  url: string(3000).optional(),
  style: z.enum(["primary", "danger"]).optional(),
  ...label,
  ...confirmed,
});

const choices = {
  options: list(plainOption, 100).optional(),
  option_groups: list(group, 100).optional(),
  ...confirmed,
  ...focused,
  ...placeheld,
};
const several = { max_selected_items: z.number().int().min(1).optional() };
const picker = { ...confirmed, ...focused, ...placeheld };

const selects = [
  element("static_select", { ...choices, initial_option: plainOption.optional() }),
  element("multi_static_select", {
    ...choices,
    ...several,
    initial_options: list(plainOption, 100).optional(),
  }),
  element("external_select", {
    ...picker,
    initial_option: plainOption.optional(),
    min_query_length: z.number().int().optional(),
  }),
  element("users_select", { ...picker, initial_user: z.string().optional() }),
  element("multi_users_select", {
    ...picker,
    ...several,
    initial_users: z.array(z.string()).optional(),
  }),
  element("channels_select", {
    ...picker,
    initial_channel: z.string().optional(),
    response_url_enabled: z.boolean().optional(),
  }),
  element("conversations_select", {
    ...picker,
    initial_conversation: z.string().optional(),
    default_to_current_conversation: z.boolean().optional(),
    response_url_enabled: z.boolean().optional(),
    filter: z.looseObject({}).optional(),
  }),
] as const;

const boxes = [
  element("checkboxes", {
    options: list(anyOption, 10),
    initial_options: list(anyOption, 10).optional(),
    ...confirmed,
    ...focused,
  }),
  element("radio_buttons", {
    options: list(anyOption, 10),
    initial_option: anyOption.optional(),
    ...confirmed,
    ...focused,
  }),
  element("datepicker", { ...picker, initial_date: z.string().optional() }),
  element("timepicker", {
    ...picker,
    initial_time: z.string().optional(),
    timezone: z.string().optional(),
  }),
] as const;

const overflow = element("overflow", { options: list(plainOption, 5), ...confirmed });

export const interactive = z.discriminatedUnion("type", [button, overflow, ...selects, ...boxes]);
export const accessory = z.discriminatedUnion("type", [
  image,
  button,
  overflow,
  ...selects,
  ...boxes,
]);

const lengths = {
  min_length: z.number().int().min(0).max(3000).optional(),
  max_length: z.number().int().min(1).max(3000).optional(),
};

export const inputElement = z.discriminatedUnion("type", [
  element("plain_text_input", {
    initial_value: string(3000).optional(),
    multiline: z.boolean().optional(),
    ...lengths,
    ...input,
  }),
  element("number_input", {
    is_decimal_allowed: z.boolean(),
    initial_value: z.string().optional(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
    ...input,
  }),
  element("email_text_input", { initial_value: z.string().optional(), ...input }),
  element("url_text_input", { initial_value: z.string().optional(), ...input }),
  element("rich_text_input", { initial_value: richText.optional(), ...input }),
  element("file_input", {
    filetypes: z.array(z.string()).optional(),
    max_files: z.number().int().min(1).max(10).optional(),
  }),
  ...selects,
  ...boxes,
]);

const verdict = z.strictObject({ text: plain(75), value: string(2000), ...label });
export const feedback = z.discriminatedUnion("type", [
  element("feedback_buttons", { positive_button: verdict, negative_button: verdict }),
  element("icon_button", {
    icon: z.string(),
    text: plain(75),
    value: string(2000).optional(),
    visible_to_user_ids: z.array(z.string()).optional(),
    ...label,
    ...confirmed,
  }),
]);
