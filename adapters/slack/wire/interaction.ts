import { createHash } from "node:crypto";
import { z } from "zod";
import { flag, nonEmptyText } from "./fields.ts";

const identified = z.object({ id: nonEmptyText }).nullish().catch(undefined);

const Message = z
  .looseObject({ ts: nonEmptyText, thread_ts: nonEmptyText, user: nonEmptyText })
  .optional()
  .catch(undefined);

const Selected = z.object({ value: z.string() }).nullish().catch(undefined);

const Field = z.object({
  selected_option: Selected,
  selected_conversation: nonEmptyText,
  value: nonEmptyText,
});

const View = z.object({
  id: nonEmptyText,
  hash: nonEmptyText,
  app_installed_team_id: nonEmptyText,
  private_metadata: z.string().catch(""),
  state: z
    .object({ values: z.record(z.string(), z.record(z.string(), Field)) })
    .optional()
    .catch(undefined),
});

const NO_VIEW: z.output<typeof View> = {
  id: undefined,
  hash: undefined,
  app_installed_team_id: undefined,
  private_metadata: "",
  state: undefined,
};

/** A click, a submitted modal or a shortcut, as far as Parley reads them. */
export const Interaction = z.object({
  user: z.object({ id: z.string().min(1), team_id: nonEmptyText, enterprise_id: nonEmptyText }),
  team: z.object({ id: nonEmptyText, enterprise_id: nonEmptyText }).nullish().catch(undefined),
  enterprise: identified,
  is_ext_shared_channel: flag,
  channel: identified,
  container: z
    .object({ channel_id: nonEmptyText, message_ts: nonEmptyText, thread_ts: nonEmptyText })
    .optional()
    .catch(undefined),
  message: Message,
  view: View.optional()
    .catch(undefined)
    .transform((view) => view ?? NO_VIEW),
  trigger_id: nonEmptyText,
  response_url: nonEmptyText,
  action_ts: nonEmptyText,
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: nonEmptyText,
        selected_option: Selected,
        action_ts: nonEmptyText,
      }),
    )
    .catch([]),
});
export type Interaction = z.infer<typeof Interaction>;

/** A slash command. */
export const SlashCommand = z.object({
  team_id: nonEmptyText,
  enterprise_id: nonEmptyText,
  is_ext_shared_channel: flag,
  channel_id: z.string().min(1),
  user_id: z.string().min(1),
  text: z.string().catch(""),
  trigger_id: nonEmptyText,
  response_url: nonEmptyText,
});
export type SlashCommand = z.infer<typeof SlashCommand>;

/** The installation that an interaction belongs to. */
export const installationOfInteraction = ({ view, team, user, enterprise }: Interaction) => ({
  team: view.app_installed_team_id ?? team?.id ?? user.team_id ?? "",
  enterprise: enterprise?.id,
});

const isThere = (value: string | undefined): value is string => value !== undefined;

/** The channel and thread of an interaction; undefined in modals and the home tab. */
export function spotOf({ channel, container, message }: Interaction) {
  const at = [channel?.id, container?.channel_id].find(isThere);
  const { thread_ts: root = container?.thread_ts, ts = container?.message_ts } = message ?? {};
  const thread = [root, ts].find(isThere);
  return at === undefined || thread === undefined ? undefined : { channel: at, thread };
}

/** A digest of words that may hold a secret. */
export const digestOf = (words: string): string =>
  createHash("sha256").update(words).digest("base64url");

/** The id of an interaction, the same if Slack sends it again. */
export function eventIdOf(kind: string, { user, view, ...interaction }: Interaction): string {
  const [action] = interaction.actions;
  const at = action?.action_ts ?? interaction.action_ts;
  const value = action?.selected_option?.value ?? action?.value;
  const parts = [at, interaction.trigger_id, view.id, view.hash, action?.action_id, value];
  return [kind, user.id, ...parts.filter((part) => part !== undefined)].join(":");
}
