import { PROVIDER_NAMES, PROVIDERS } from "../../../src/commands/parse/parse-keys.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { option, plainText, section } from "../render/blocks.ts";
import { type Modal, modal } from "./view.ts";

/** Where the modal keeps what was entered. */
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
        "With a key of its own this workspace's turns use its own keys alone. A key is stored encrypted, and never shown again.",
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
        hint: plainText("Leave it empty to remove the key that is set.", 2_000),
        element: { type: "plain_text_input", action_id: KEY_FIELDS.key.action },
      },
    ],
  });
}
