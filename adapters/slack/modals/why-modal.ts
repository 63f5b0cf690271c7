import type { TurnState } from "../../../src/coordination/turn-state.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { whyReply } from "../../../src/progress/why-reply.ts";
import { inSlices } from "../../../src/slices.ts";
import { replyBlocks } from "./view-blocks.ts";
import { type Modal, modal } from "./view.ts";

/** Every answer, every vote with its reason, tokens and cost of each agent. */
export async function whyModal(
  state: TurnState,
  conversation: ConversationId,
  page = 0,
): Promise<Modal> {
  const reply = whyReply(state, "full");
  const subject = { kind: "why", conversation, turn: state.turn } as const;
  const blocks = await inSlices(replyBlocks(reply));
  return modal({ title: reply.title, subject, blocks, page });
}
