import { z } from "zod";
import { asJson, asText, type Json } from "../wire/json.ts";
import { mistake, text } from "./parse-form.ts";

/** Discord's numbers of the parts that messages are built from. */
export const COMPONENT = {
  row: 1,
  button: 2,
  select: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  textDisplay: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
} as const;

export const SELECTS: readonly number[] = [3, 5, 6, 7, 8];

const CustomId = text(100, 1);
const Emoji = z.looseObject({ id: z.string().nullish(), name: z.string().nullish() });
const LINK = 5;

const Button = z
  .looseObject({
    type: z.literal(COMPONENT.button),
    style: z.int().min(1).max(6),
    label: text(80).nullish(),
    custom_id: CustomId.nullish(),
    url: text(512).nullish(),
    emoji: Emoji.nullish(),
    disabled: z.boolean().nullish(),
  })
  .superRefine((button, context) => {
    const required = { code: "BASE_TYPE_REQUIRED", message: "This field is required" };
    const key = button.style === LINK ? "url" : "custom_id";
    if (!button[key]) mistake(context, [key], required);
    if (button.label || button.emoji) return;
    mistake(context, [], {
      code: "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED",
      message: "A button must have a label or an emoji",
    });
  });

const Choice = z.looseObject({
  label: text(100, 1),
  value: text(100, 1),
  description: text(100).nullish(),
});

const pickers = {
  custom_id: CustomId,
  placeholder: text(150).nullish(),
  min_values: z.int().min(0).max(25).nullish(),
  max_values: z.int().min(1).max(25).nullish(),
  disabled: z.boolean().nullish(),
};

export const StringSelect = z.looseObject({
  ...pickers,
  type: z.literal(COMPONENT.select),
  options: z.array(Choice).min(1).max(25),
});

const picker = <Type extends number>(type: Type) =>
  z.looseObject({ ...pickers, type: z.literal(type) });

export const PICKERS = [
  StringSelect,
  picker(COMPONENT.userSelect),
  picker(COMPONENT.roleSelect),
  picker(COMPONENT.mentionableSelect),
  picker(COMPONENT.channelSelect),
] as const;

const InRow = z.discriminatedUnion("type", [Button, ...PICKERS]);

const ROW_WIDTH = 5;

const Row = z
  .looseObject({ type: z.literal(COMPONENT.row), components: z.array(InRow).min(1).max(5) })
  .superRefine(({ components }, context) => {
    let width = 0;
    for (const [index, { type }] of components.entries()) {
      width += type === COMPONENT.button ? 1 : ROW_WIDTH;
      if (width <= ROW_WIDTH) continue;
      mistake(context, ["components", index], {
        code: "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        message: "The specified component exceeds the maximum width",
      });
    }
  });

/** Rows of buttons and selects, as messages have them without the flag for components V2. */
export const Rows = z.array(Row).max(5).superRefine(checkIds);

/** The larger set; only what all of it has in common is checked part by part. */
const Part = z.looseObject({ type: z.int() });
const LARGER_PARTS = 40;
const LARGER_TEXT = 4_000;

export const LargerParts = z
  .array(Part)
  .max(LARGER_PARTS)
  .superRefine((components, context) => {
    const all = partsOf(components);
    const written = all.reduce((sum, part) => sum + asText(part["content"]).length, 0);
    if (all.length > LARGER_PARTS) {
      mistake(context, [], {
        code: "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        message: `The total number of components cannot exceed ${LARGER_PARTS}`,
      });
    }
    if (written > LARGER_TEXT) {
      mistake(context, [], {
        code: "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        message: `Displayable text size exceeds maximum size of ${LARGER_TEXT}`,
      });
    }
    checkIds(components, context);
  });

/** All parts of a tree of components, parents first. */
export function partsOf(components: readonly unknown[]): readonly Json[] {
  return components.map(asJson).flatMap((part) => {
    const below = [part["components"], part["component"], part["accessory"]].flat();
    return [part, ...partsOf(below.filter(Boolean))];
  });
}

function checkIds(components: readonly unknown[], context: z.core.$RefinementCtx): void {
  const ids = partsOf(components).flatMap((part) => part["custom_id"] ?? []);
  if (new Set(ids).size === ids.length) return;
  mistake(context, [], {
    code: "COMPONENT_CUSTOM_ID_DUPLICATED",
    message: "Component custom id cannot be duplicated",
  });
}
