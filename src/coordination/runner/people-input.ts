import type { EventOf, SteeringMessage } from "../turn-event.ts";
import type { Choice } from "./ports.ts";
import type { TurnRecord } from "./turn-record.ts";

/** `finish` ends the turn with the best answer so far. */
export function stop(
  record: TurnRecord,
  by: string,
  reason: EventOf<"turn_stopped">["reason"] | "finish",
): void {
  const { stopped, finishedBy } = record.ahead;
  if (reason === "finish") {
    if (finishedBy === null) record.add({ type: "finish_requested", by });
  } else if (!stopped) record.add({ type: "turn_stopped", by, reason });
}

export function prefer(record: TurnRecord, choices: readonly Choice[]): void {
  for (const { person, revision } of choices.slice(record.ahead.choices)) {
    if (!record.ahead.closing) record.add({ type: "preference_given", person, revision });
  }
}

export function steer(record: TurnRecord, message: SteeringMessage): void {
  const isKnown = record.ahead.inbox.some(({ id }) => id === message.id);
  if (!isKnown && !record.ahead.closing) record.add({ type: "message_steered", message });
}
