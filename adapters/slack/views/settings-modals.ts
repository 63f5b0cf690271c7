import type { types } from "@slack/bolt";
import { PROVIDER_NAMES, PROVIDERS } from "../../../src/commands/parse/parse-keys.ts";
import type { ConversationId, TurnId } from "../../../src/ids.ts";
import { type Block, option, plainText, section } from "../render/blocks.ts";
import { modal, type Modal } from "./modal.ts";

/** A team that can be chosen. */
export interface TeamChoice {
  readonly name: string;
  readonly title: string;
}

/** The most options of a select that Slack allows. */
const MOST_OPTIONS = 100;

/** The fields of the team modals. */
export const FIELDS = {
  team: { block: "team", action: "team" },
  channel: { block: "channel", action: "channel" },
} as const;

/** The option for no team in particular. */
export const NO_TEAM = "-";

function teamSelect(label: string, teams: readonly TeamChoice[], none: string): Block {
  const options: types.PlainTextOption[] = [
    option(none, NO_TEAM),
    ...teams
      .filter(({ name }) => name.length <= 150)
      .slice(0, MOST_OPTIONS - 1)
      .map(({ name, title }) => option(title, name)),
  ];
  return {
    type: "input",
    block_id: FIELDS.team.block,
    label: plainText(label, 2_000),
    element: {
      type: "static_select",
      action_id: FIELDS.team.action,
      options,
      ...(options[0] && { initial_option: options[0] }),
    },
  };
}

/** Asks which team answers a question again. */
export const retryModal = (
  conversation: ConversationId,
  turn: TurnId,
  teams: readonly TeamChoice[],
): Modal =>
  modal({
    title: "Answer again",
    subject: { kind: "retry", conversation, turn },
    submit: "Answer again",
    blocks: [
      section("Parley answers the same question again, with the thread as it is now."),
      teamSelect("Team", teams, "The team that answers here"),
    ],
  });

/** Asks which team answers in a channel, or in the whole workspace. */
export const switchModal = (conversation: ConversationId, teams: readonly TeamChoice[]): Modal =>
  modal({
    title: "Who answers where",
    subject: { kind: "switch", conversation },
    submit: "Save",
    blocks: [
      {
        type: "input",
        block_id: FIELDS.channel.block,
        optional: true,
        label: plainText("Channel", 2_000),
        hint: plainText("Leave it empty for the whole workspace.", 2_000),
        element: {
          type: "conversations_select",
          action_id: FIELDS.channel.action,
          filter: { include: ["public", "private"], exclude_bot_users: true },
        },
      },
      teamSelect("Team", teams, "No team here: use the wider setting"),
    ],
  });

/** A modal that only says something. */
export const noticeModal = (title: string, conversation: ConversationId, text: string): Modal =>
  modal({ title, subject: { kind: "why", conversation }, blocks: [section(text)] });

/** The fields of the keys modal. */
export const KEY_FIELDS = {
  provider: { block: "provider", action: "provider" },
  key: { block: "key", action: "key" },
} as const;

/** Sets or removes an API key of the workspace; one that is set is never shown. */
export function keysModal(conversation: ConversationId): Modal {
  const options = PROVIDERS.map((provider) => option(PROVIDER_NAMES[provider], provider));
  return modal({
    title: "API keys",
    subject: { kind: "keys", conversation },
    submit: "Save",
    blocks: [
      section(
        "Once this workspace has an API key, its turns use only its own keys. Keys are stored encrypted and never shown again.",
      ),
      {
        type: "input",
        block_id: KEY_FIELDS.provider.block,
        label: plainText("Provider", 2_000),
        element: {
          type: "static_select",
          action_id: KEY_FIELDS.provider.action,
          options,
          ...(options[0] && { initial_option: options[0] }),
        },
      },
      {
        type: "input",
        block_id: KEY_FIELDS.key.block,
        optional: true,
        label: plainText("API key", 2_000),
        hint: plainText("Leave it empty to remove the current key.", 2_000),
        element: { type: "plain_text_input", action_id: KEY_FIELDS.key.action },
      },
    ],
  });
}
