import { timeOf } from "../place.ts";
import { markOf } from "../post/mark.ts";
import type { SlackMessage } from "./slack-message.ts";
import { turnTime } from "./turn-time.ts";

/** Up to when messages are answered by one of Parley's own, ms since the epoch: a turn that began after a message knew it. */
export function answeredBy({ metadata, ts }: SlackMessage): number {
  const mark = markOf(metadata);
  if (!mark || mark.kind === "note") return -Infinity;
  return turnTime(mark.turn) ?? timeOf(ts) ?? -Infinity;
}
