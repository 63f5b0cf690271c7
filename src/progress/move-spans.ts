import type { TurnEvent } from "../coordination/turn-event.ts";
import type { Usage } from "../coordination/usage.ts";
import type { AgentId } from "../ids.ts";
import { formatSeconds, type Segment, type Span, type TurnTimes } from "./turn-times.ts";

type Started = Extract<TurnEvent, { type: "move_started" }>;
type Retrying = Extract<TurnEvent, { type: "move_retrying" }>;

/** The spans of all moves, in the order of their starts. Unfinished ones end at `now`. Pure. */
export function movesOf({ journal, endedAt }: TurnTimes, now: number): readonly Span[] {
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
  "move" in event && event.move === move && !MIDDLE.includes(event.type);

/** What happens to a move between its start and its end. */
const MIDDLE: readonly string[] = [
  "move_started",
  "move_retrying",
  "move_queued",
  "move_sent",
  "move_metered",
];

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
    segments: segmentsOf({ from, to, waits: waitsOf(own, to) }, usage ?? null),
    notes: [
      ...modelTime(usage ?? null),
      ...queueNotes(own, to, usage ?? null),
      ...retries.map(retryNote),
      ...endNote(last),
    ],
  };
}

const usageIn = (event: TurnEvent): Usage | null => ("usage" in event ? event.usage : null);

type Stay = Pick<Segment, "from" | "to">;

/** When a move's calls waited for room. Old journals do not say. */
function waitsOf(own: Move["own"], end: number): readonly Stay[] {
  const turns = own.filter(({ event }) => QUEUE.includes(event.type));
  const starts = turns.filter(
    ({ event }, n) => event.type === "move_queued" && turns[n - 1]?.event.type !== "move_queued",
  );
  return starts.map(({ at: from }) => {
    const sent = turns.find(({ event, at }) => event.type === "move_sent" && at >= from);
    return { from, to: sent?.at ?? end };
  });
}

const QUEUE: readonly string[] = ["move_queued", "move_sent"];

/** Splits a move's time into phases, as far as they were measured. */
function segmentsOf(
  { from, to, waits }: Stay & { readonly waits: readonly Stay[] },
  usage: Usage | null,
): readonly Segment[] {
  const last = waits.at(-1);
  if (!last) return callSegments({ from, to }, usage);
  const before = waits.flatMap((wait, n): Segment[] => [
    { kind: "model", from: waits[n - 1]?.to ?? from, to: wait.from },
    { kind: "wait", ...wait },
  ]);
  const first = usage?.firstTokenMs ?? null;
  const after = { ...NO_TIMES, firstTokenMs: first === null ? null : from + first - last.to };
  return [...before, ...callSegments({ from: last.to, to }, after)].filter(hasLength);
}

const NO_TIMES = { queuedMs: 0, firstTokenMs: null };

/** The phases of one call. */
function callSegments(
  { from, to }: Stay,
  usage: Pick<Usage, "queuedMs" | "firstTokenMs"> | null,
): readonly Segment[] {
  const sent = Math.min(to, from + (usage?.queuedMs ?? 0));
  const first = usage?.firstTokenMs ?? null;
  const wrote = first === null ? to : Math.min(to, Math.max(sent, from + first));
  const all: readonly Segment[] = [
    { kind: "wait", from, to: sent },
    { kind: "model", from: sent, to: wrote },
    { kind: "write", from: wrote, to },
  ];
  return all.filter(hasLength);
}

const hasLength = ({ from, to }: Segment): boolean => to > from;

function modelTime(usage: Usage | null): readonly string[] {
  const { modelMs } = usage ?? {};
  return modelMs === undefined ? [] : [`model ${formatSeconds(modelMs)}`];
}

/** How long a move was queued, and for what. Old journals have the sum alone. */
function queueNotes(own: Move["own"], end: number, usage: Usage | null): readonly string[] {
  const causes = own.flatMap(({ event }) => (event.type === "move_queued" ? [event.cause] : []));
  const waits = waitsOf(own, end);
  const ms =
    waits.length === 0
      ? (usage?.queuedMs ?? 0)
      : waits.reduce((sum, { from, to }) => sum + to - from, 0);
  if (ms === 0) return [];
  const rateLimit = causes.includes("rate_limit") ? [WAITED_FOR.rate_limit] : [];
  const room = causes.includes("room") || causes.length === 0 ? [WAITED_FOR.room] : [];
  return [`queued ${formatSeconds(ms)} for ${[...room, ...rateLimit].join(" and ")}`];
}

const WAITED_FOR = { room: "a free call slot", rate_limit: "the rate limit" } as const;

const retryNote = ({ failure, delayMs, backend }: Retrying): string =>
  backend === undefined
    ? `${failure.replaceAll("_", " ")}, again after ${formatSeconds(delayMs)}`
    : `${failure.replaceAll("_", " ")}, ${backend} took over`;

function endNote(event: TurnEvent | undefined): readonly string[] {
  if (event?.type === "move_timed_out") return [`limit reached: ${event.limit}`];
  if (event?.type === "move_failed") return [`failed: ${event.failure.replaceAll("_", " ")}`];
  return event?.type === "move_aborted" ? [`aborted: ${event.cause}`] : [];
}
