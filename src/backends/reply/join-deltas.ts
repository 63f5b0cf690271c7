import type { BackendEvent } from "../backend.ts";

/** Makes one event of deltas that follow one another, because each goes a long way. */
export function joinDeltas(events: readonly BackendEvent[]): readonly BackendEvent[] {
  const [first, ...rest] = events;
  if (first === undefined || rest.length === 0) return events;
  const all: BackendEvent[] = [];
  let last = first;
  for (const event of rest) {
    const joined = joinedDelta(last, event);
    if (!joined) all.push(last);
    last = joined ?? event;
  }
  return [...all, last];
}

function joinedDelta(one: BackendEvent, next: BackendEvent): BackendEvent | null {
  if (next.type === "alive") return joinedSign(one, next);
  if (one.type === "text" && next.type === "text" && one.tentative === next.tentative) {
    return { ...one, text: one.text + next.text };
  }
  if (one.type === "thinking" && next.type === "thinking") {
    return { type: "thinking", text: one.text + next.text };
  }
  return null;
}

/** A bare sign of life behind another event says nothing. */
function joinedSign(
  one: BackendEvent,
  { usage, written }: Extract<BackendEvent, { type: "alive" }>,
): BackendEvent | null {
  if (usage === undefined && written === undefined) return one;
  if (one.type !== "alive") return null;
  const all = (one.written ?? "") + (written ?? "");
  return { ...one, ...(usage && { usage }), ...(all !== "" && { written: all }) };
}
