import type { ConversationId, TurnId } from "../../../src/ids.ts";
import { ASK_REASON } from "../../../src/progress/rating-words.ts";
import { plainText, safeText, section } from "../render/blocks.ts";
import type { Interaction } from "../wire/interaction.ts";
import { modal, type Modal } from "./modal.ts";

/** The field of the form that follows 👎. */
const REASON = { block: "reason", action: "reason" } as const;

/** Asks what was wrong with an answer. `noted`: what became of the rating, which is stored already. */
export const reasonModal = (conversation: ConversationId, turn: TurnId, noted: string): Modal =>
  modal({
    title: ASK_REASON.title,
    subject: { kind: "wrong", conversation, turn },
    submit: "Send",
    close: "Skip",
    blocks: [
      section(safeText(noted)),
      {
        type: "input",
        block_id: REASON.block,
        optional: true,
        label: plainText(ASK_REASON.label, 2_000),
        hint: plainText(ASK_REASON.hint, 2_000),
        element: {
          type: "plain_text_input",
          action_id: REASON.action,
          multiline: true,
          max_length: ASK_REASON.longest,
          placeholder: plainText(ASK_REASON.placeholder, 150),
        },
      },
    ],
  });

/** What was written in it; undefined: nothing. */
export const reasonIn = ({ view }: Interaction): string | undefined =>
  view.state?.values[REASON.block]?.[REASON.action]?.value;
