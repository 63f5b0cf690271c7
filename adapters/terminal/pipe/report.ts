import type { CommandReply } from "../../../src/reply.ts";
import type { ConversationId } from "../../../src/ids.ts";
import type { TurnSummary } from "../../../src/progress/turn-summary.ts";
import type { Front } from "../front.ts";

/** How a script gets to know what happens. */
export interface Report extends Pick<Front, "show" | "turnEvent"> {
  reply(command: string, reply: CommandReply): void;
  /** A turn ended, or a message came to nothing (null). */
  turnDone(conversation: ConversationId, summary: TurnSummary | null): void;
  /** A line for the person who reads the log. */
  problem(text: string): void;
}
