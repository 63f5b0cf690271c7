import type { TurnEvent } from "../coordination/turn-event.ts";
import type { Usage } from "../coordination/usage.ts";
import type { AgentId, TurnId } from "../ids.ts";

/** The stored times of a turn, in milliseconds since the epoch; null if it has not happened or is unknown. */
export interface TurnTimes {
  readonly turn: TurnId;
  /** When the person sent the message, by the platform's clock. */
  readonly writtenAt: number | null;
  readonly takenOnAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** The number of starts, not counting deliberate handovers. */
  readonly attempts: number;
  /** What the turn waited for before it started. */
  readonly queuedFor: string | null;
  readonly journal: readonly { readonly event: TurnEvent; readonly at: number }[];
  readonly deliveries: readonly {
    readonly kind: "status" | "final" | "note";
    readonly chunk: number;
    readonly state: "intended" | "posted";
    readonly intendedAt: number | null;
    readonly at: number;
    readonly limitsHit: number | null;
    readonly limitedMs: number | null;
  }[];
}

/** A time span of a turn: `wait` (not for a model), `model` until the first token, `write` while streaming, `post` on the platform. */
export interface Segment {
  readonly kind: "wait" | "model" | "write" | "post";
  readonly from: number;
  readonly to: number;
}

/** One line of the waterfall. */
export interface Span {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly segments: readonly Segment[];
  /** Short notes. */
  readonly notes: readonly string[];
}

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

type Started = Extract<TurnEvent, { type: "move_started" }>;
type Retrying = Extract<TurnEvent, { type: "move_retrying" }>;

function movesOf({ journal, endedAt }: TurnTimes, now: number): readonly Span[] {
  const begun = journal.find(({ event }) => event.type === "turn_started")?.event;
  const names = new Map<AgentId, string>(
    begun?.type === "turn_started" ? begun.agents.map(({ id, name }) => [id, name]) : [],
  );
  return journal.flatMap(({ event, at: from }, index) => {
    if (event.type !== "move_started") return [];
    // An interrupted move restarts under the same name.
    const later = journal.slice(index + 1);
    const end = later.findIndex((entry) => endsMove(entry.event, event.move));
    const own = later
      .slice(0, end < 0 ? later.length : end + 1)
      .filter((entry) => "move" in entry.event && entry.event.move === event.move);
    const to = end < 0 ? (endedAt ?? now) : (own.at(-1)?.at ?? now);
    return [moveSpan({ name: names.get(event.agent) ?? event.agent, event, own, from, to })];
  });
}

const endsMove = (event: TurnEvent, move: string): boolean =>
  "move" in event &&
  event.move === move &&
  !["move_started", "move_retrying", "move_metered"].includes(event.type);

interface Move {
  readonly name: string;
  readonly event: Started;
  /** The move's events after its start. */
  readonly own: TurnTimes["journal"];
  readonly from: number;
  readonly to: number;
}

function moveSpan({ name, event, own, from, to }: Move): Span {
  const usage = own.map((entry) => usageIn(entry.event)).findLast((one) => one !== null);
  const retries = own.flatMap((entry) =>
    entry.event.type === "move_retrying" ? [entry.event] : [],
  );
  const last = own.at(-1)?.event;
  return {
    what: `${name}: ${event.kind}`,
    from,
    to,
    segments: segmentsOf({ from, to }, usage ?? null),
    notes: [...modelTime(usage ?? null), ...retries.map(retryNote), ...endNote(last)],
  };
}

const usageIn = (event: TurnEvent): Usage | null => ("usage" in event ? event.usage : null);

/** Splits a call's time into phases, as far as they were measured. */
function segmentsOf(
  { from, to }: Pick<Span, "from" | "to">,
  usage: Usage | null,
): readonly Segment[] {
  const sent = Math.min(to, from + (usage?.queuedMs ?? 0));
  const first = usage?.firstTokenMs ?? null;
  const wrote = first === null ? to : Math.min(to, Math.max(sent, from + first));
  const all: readonly Segment[] = [
    { kind: "wait", from, to: sent },
    { kind: "model", from: sent, to: wrote },
    { kind: "write", from: wrote, to },
  ];
  return all.filter((segment) => segment.to > segment.from);
}

export const formatSeconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)}s`;

function modelTime(usage: Usage | null): readonly string[] {
  const { queuedMs = 0, modelMs } = usage ?? {};
  return [
    ...(modelMs === undefined ? [] : [`model ${formatSeconds(modelMs)}`]),
    ...(queuedMs > 0 ? [`${formatSeconds(queuedMs)} waiting for a free call slot`] : []),
  ];
}

const retryNote = ({ failure, delayMs, backend }: Retrying): string =>
  backend === undefined
    ? `${failure.replaceAll("_", " ")}, again after ${formatSeconds(delayMs)}`
    : `${failure.replaceAll("_", " ")}, ${backend} took over`;

function endNote(event: TurnEvent | undefined): readonly string[] {
  if (event?.type === "move_failed") return [`failed: ${event.failure.replaceAll("_", " ")}`];
  return event?.type === "move_aborted" ? [`aborted: ${event.cause}`] : [];
}

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
