import type { BackendEvent, TokenUsage } from "../backend.ts";
import { type CallTarget, incompleteReply } from "../provider-failure.ts";
import type { CallCollector } from "./call-collector.ts";

/** How a reply ended. */
export interface Ending {
  /** Why the model stopped; null: the server did not say. */
  readonly finish: "stop" | "length" | "refusal" | null;
  /** Who declined; read only for a refusal. */
  readonly declinedBy?: "model" | "filter";
  /** The server marked the end of its stream. */
  readonly isMarked: boolean;
  /** All text of the answer. */
  readonly said: string;
  readonly calls: CallCollector;
  readonly usage: TokenUsage | null;
}

/** The last events of a reply. Throws `incomplete` if it broke off. */
export function endReply(ending: Ending, target: CallTarget): readonly BackendEvent[] {
  const { finish, usage, declinedBy = "model" } = ending;
  const made = ending.calls.all();
  if (finish === "refusal") {
    return [...made, { type: "declined", by: declinedBy }, { type: "done", finish, usage }];
  }
  throwIfBroken(ending, target);
  if (finish === "length") return [...made, { type: "done", finish, usage }];
  // Many servers also report "stop" after a tool call.
  return [...made, { type: "done", finish: made.length > 0 ? "tool" : "stop", usage }];
}

function throwIfBroken(ending: Ending, target: CallTarget): void {
  const { finish, said, calls } = ending;
  const hasContent = said.trim() !== "" || calls.has;
  if (finish === "length" && !hasContent) {
    throw incompleteReply(target, "its output limit was used up before an answer began");
  }
  if (finish === null && !(hasContent && isWhole(ending))) {
    throw incompleteReply(target, "the stream ended before the answer did");
  }
}

/**
 * Whether a reply without a finish reason is all of it: its end is marked, or the server closed the stream in good order behind a sentence. Some
 * servers never send a reason; a connection that breaks in mid-answer fails before.
 */
const isWhole = ({ isMarked, said, calls }: Ending): boolean =>
  isMarked || (!calls.has && looksFinished(said));

/** The ends of sentences, quotes, brackets, code, emphasis, table rows and emoji. */
const SENTENCE_END = /(?:[.!?…。！？．)\]}"'”’»」』`*_~|]|\p{Extended_Pictographic}\uFE0F?)\s*$/u;

function looksFinished(text: string): boolean {
  const fences = text.match(/^[ \t]*(?:```|~~~)/gm) ?? [];
  return fences.length % 2 === 0 && SENTENCE_END.test(text);
}
