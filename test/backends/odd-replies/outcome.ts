import type { BackendEvent } from "../../../src/backends/backend.ts";
import { calls, said } from "../ask.ts";

/** What the events come to: the trimmed texts, the calls with parsed arguments, and how it ended. */
export function outcomeOf(events: readonly BackendEvent[]) {
  const at = events.findLastIndex(({ type }) => type === "retracted");
  const done = events.at(-1);
  const declined = events.find((event) => event.type === "declined");
  return {
    text: said(events.slice(at + 1)).trim(),
    thinking: (said(events.slice(0, at + 1)) + said(events, "thinking")).trim(),
    calls: calls(events).map((call) => ({
      name: call.name,
      arguments: JSON.parse(call.arguments) as unknown,
    })),
    ...(done?.type === "done" && { finish: done.finish, usage: done.usage }),
    ...(declined && { declinedBy: declined.by }),
  };
}
