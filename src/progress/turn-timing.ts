import type { TurnEvent } from "../coordination/turn-event.ts";
import { movesOf } from "./move-spans.ts";
import { formatSeconds, type Segment, type Span, type TurnTimes } from "./turn-times.ts";

/** The spans of a turn, in order. Unfinished spans end at `now`. Pure. */
export function spansOf(times: TurnTimes, now: number): readonly Span[] {
  const { takenOnAt, startedAt } = times;
  if (startedAt === null) return [span("queued", "wait", { from: takenOnAt, to: now })];
  return [
    ...takenOn(times),
    queued(times, startedAt),
    readThread(times, startedAt, now),
    ...movesOf(times, now),
    ...gaps(times),
    ...deliveriesOf(times, now),
  ].toSorted((a, b) => a.from - b.from);
}

type Stretch = Pick<Span, "from" | "to"> & Partial<Pick<Span, "notes">>;

const span = (what: string, kind: Segment["kind"], { from, to, notes = [] }: Stretch): Span => ({
  what,
  from,
  to,
  notes,
  segments: [{ kind, from, to }],
});

function queued({ takenOnAt: from, queuedFor }: TurnTimes, to: number): Span {
  const notes = queuedFor === null || queuedFor === "nothing" ? [] : [`for ${queuedFor}`];
  return span("queued", "wait", { from, to, notes });
}

/** The time until the first model call. */
function readThread({ journal }: TurnTimes, from: number, now: number): Span {
  const timeOf = (type: TurnEvent["type"]) => journal.find(({ event }) => event.type === type)?.at;
  const routed = timeOf("turn_routed");
  const what = routed === undefined ? "read the thread" : "read and route";
  const to = routed ?? timeOf("move_started") ?? journal.at(-1)?.at ?? now;
  return span(what, "wait", { from, to });
}

/** The platform's clock and Parley's differ slightly. */
const takenOn = ({ writtenAt, takenOnAt }: TurnTimes): readonly Span[] =>
  writtenAt !== null && writtenAt < takenOnAt
    ? [span("written, accepted", "wait", { from: writtenAt, to: takenOnAt })]
    : [];

/** Gaps without an owner: its process died or exited, until another resumed the turn. */
function gaps({ journal }: TurnTimes): readonly Span[] {
  return journal.flatMap(({ event, at }, index) => {
    const before = journal[index - 1];
    const isFirst =
      event.type === "move_aborted" &&
      event.cause === "interrupted" &&
      !(before?.event.type === "move_aborted" && before.event.cause === "interrupted");
    return isFirst && before ? [span("no process", "wait", { from: before.at, to: at })] : [];
  });
}

const POSTS = { status: "status", final: "post the answer", note: "post a note" } as const;

function deliveriesOf({ deliveries }: TurnTimes, now: number): readonly Span[] {
  return deliveries
    .filter(({ kind, intendedAt }) => kind !== "status" && intendedAt !== null)
    .map(({ kind, chunk, state, intendedAt, at, limitsHit, limitedMs }) => {
      const what = chunk === 0 ? POSTS[kind] : `${POSTS[kind]}, part ${chunk + 1}`;
      const notes =
        limitsHit !== null && limitsHit > 0
          ? [`rate limited ${limitsHit}×, ${formatSeconds(limitedMs ?? 0)}`]
          : [];
      const to = state === "posted" ? at : now;
      return span(what, "post", { from: intendedAt ?? at, to, notes });
    });
}
