import type { UsageLeases } from "../../../src/adapter-kit/rate-limit/usage-leases.ts";
import type { Clock } from "../../../src/clock.ts";

/**
 * Shares the edits per minute that Slack allows in a workspace among all statuses of all processes. Each open status has its closing edit
 * reserved before any progress is shown, and no status is posted that could not be closed in time: otherwise a status would say that agents
 * are at work long after the answer was posted.
 *
 * The `ask` functions return 0 (granted, and counted), or the ms after which to ask again with the same id.
 */
export interface EditCapacity {
  /** Whether a new status may be posted. */
  askOpening(): number;
  /** A status was posted. */
  opened(id: string): void;
  /** An edit of an open status. */
  askProgress(id: string): number;
  /** The last edit of a status: first come, first served, before all progress edits. */
  askClosing(id: string): number;
  /** The status has had its last edit, or will have none. */
  closed(id: string): void;
  /** Slack refuses all edits for `ms`. */
  pause(ms: number): void;
}

export interface EditCapacityOptions {
  readonly clock: Pick<Clock, "now">;
  readonly processes: number;
  /** The name under which the processes share their counts. */
  readonly leases: UsageLeases;
  readonly resource: string;
}

/** Slack allows 50 edits a minute in a workspace (Tier 3). The counts of other processes may be a moment old. */
const PER_MINUTE = { alone: 49, shared: 47 };
const MINUTE_MS = 60_000;
/** The longest and shortest time until a caller asks again, ms. */
const POLL_MS = 3_000;
const SOONEST_MS = 200;
/** A status that has not asked for this long is shown by another process, or by none, ms. */
const GONE_MS = 45_000;
/** The first estimate of how long a status is open, ms. */
const USUAL_LIFE_MS = 20_000;
/** How many progress edits may follow one another after a quiet time. */
const PROGRESS_BURST = 4;
/** The progress edits a minute that even a busy workspace gets. */
const LEAST_PROGRESS = 2;

export function createEditCapacity(options: EditCapacityOptions): EditCapacity {
  const ledger = createLedger(options);
  const pace = { credit: PROGRESS_BURST, at: 0 };
  return {
    askOpening() {
      const all = ledger.load();
      const isFree = all.closing === 0 && all.recent + ledger.expected(all) + 1 <= all.limit;
      return isFree ? 0 : POLL_MS;
    },
    opened(id) {
      ledger.see(id);
      // Reports it to the other processes at once.
      ledger.load();
    },
    askProgress: (id) => askProgress(ledger, pace, id),
    askClosing: (id) => askClosing(ledger, id),
    closed: (id) => ledger.close(id),
    pause: (ms) => ledger.pause(ms),
  };
}

function askProgress(ledger: Ledger, pace: { credit: number; at: number }, id: string): number {
  const { now, place } = ledger.join("progress", id);
  const all = ledger.load();
  const reserved = ledger.expected(all);
  const perMinute = Math.max(LEAST_PROGRESS, all.limit - all.closings - reserved);
  const gapMs = (MINUTE_MS * all.sharers) / perMinute;
  pace.credit = Math.min(PROGRESS_BURST, pace.credit + (now - pace.at) / gapMs);
  pace.at = now;
  const paused = ledger.pausedMs(now);
  if (paused > 0) return Math.max(SOONEST_MS, paused);
  const isFree = all.closing === 0 && all.edits + reserved + 1 <= all.limit;
  const missing = place + 1 - pace.credit;
  if (!isFree || missing > 0) return inRange(gapMs * missing);
  pace.credit--;
  ledger.grant("progress", id, now);
  return 0;
}

function askClosing(ledger: Ledger, id: string): number {
  const { now, place } = ledger.join("closing", id);
  const all = ledger.load();
  const paused = ledger.pausedMs(now);
  if (paused > 0) return Math.max(SOONEST_MS, paused);
  const missing = all.edits + place + 1 - all.limit;
  if (missing > 0) return inRange(ledger.untilExpired(missing, now));
  ledger.grant("closing", id, now);
  return 0;
}

const inRange = (ms: number): number => Math.min(POLL_MS, Math.max(SOONEST_MS, ms));

type Ledger = ReturnType<typeof createLedger>;

/** Counts edits, open statuses and waiting callers. */
function createLedger(options: EditCapacityOptions) {
  const { clock } = options;
  const edits = createEdits();
  const open = new Map<string, { readonly openedAt: number; seenAt: number }>();
  const waiting = { progress: new Map<string, number>(), closing: new Map<string, number>() };
  const state = { lifeMs: USUAL_LIFE_MS };

  const measure = (): Load => {
    const now = clock.now();
    for (const [id, { seenAt }] of open) if (now - seenAt > GONE_MS) open.delete(id);
    for (const queue of Object.values(waiting)) forgetTheGone(queue, now);
    return {
      edits: edits.since(now - MINUTE_MS),
      // Older edits no longer count when a status that is posted now is closed.
      recent: edits.since(now - Math.max(MINUTE_MS / 4, MINUTE_MS - state.lifeMs)),
      closings: edits.closingsSince(now - MINUTE_MS),
      open: open.size,
      closing: waiting.closing.size,
    };
  };
  const see = (id: string, now = clock.now()) =>
    open.set(id, { openedAt: open.get(id)?.openedAt ?? now, seenAt: now });

  return {
    load: () => loadOf(options, measure),
    see,
    /** How many closing edits to expect within a minute. */
    expected: ({ open: count }: Pick<Load, "open">): number =>
      count * Math.min(1, MINUTE_MS / (2 * state.lifeMs)),
    /** Joins the queue, or keeps its place in it. */
    join(kind: keyof typeof waiting, id: string) {
      const now = clock.now();
      see(id, now);
      waiting[kind].set(id, now);
      return { now, place: [...waiting[kind].keys()].indexOf(id) };
    },
    grant(kind: keyof typeof waiting, id: string, now: number): void {
      waiting[kind].delete(id);
      edits.add(now, kind === "closing");
    },
    untilExpired: (count: number, now: number) => edits.untilExpired(count, now),
    close(id: string): void {
      const entry = open.get(id);
      if (entry) state.lifeMs += (clock.now() - entry.openedAt - state.lifeMs) / 10;
      open.delete(id);
      waiting.closing.delete(id);
    },
    ...createPauses(clock),
  };
}

/** A caller that does not ask again has left the queue. */
function forgetTheGone(queue: Map<string, number>, now: number): void {
  for (const [id, at] of queue) if (now - at > 2 * POLL_MS) queue.delete(id);
}

function createPauses(clock: Pick<Clock, "now">) {
  const state = { until: -Infinity };
  return {
    pause: (ms: number) => void (state.until = Math.max(state.until, clock.now() + ms)),
    pausedMs: (now: number): number => Math.max(0, state.until - now),
  };
}

interface Load {
  /** Edits of the last minute, of the last part of it, and closing edits of the minute. */
  readonly edits: number;
  readonly recent: number;
  readonly closings: number;
  /** Open statuses, and statuses that wait for their closing edit. */
  readonly open: number;
  readonly closing: number;
}

/** The load of all processes. Where the others cannot be asked, this one uses its fixed share of the limit. */
function loadOf(
  { leases, resource, processes }: EditCapacityOptions,
  measure: () => Load,
): Load & { readonly limit: number; readonly sharers: number } {
  const limit = processes > 1 ? PER_MINUTE.shared : PER_MINUTE.alone;
  const own = measure();
  leases.report(resource, () => ({ ...measure() }));
  const others = leases.others(resource);
  if (!others) return { ...own, limit: Math.max(1, Math.floor(limit / processes)), sharers: 1 };
  const sum = (name: keyof Load) => others.reduce((all, one) => all + (one[name] ?? 0), own[name]);
  return {
    edits: sum("edits"),
    recent: sum("recent"),
    closings: sum("closings"),
    open: sum("open"),
    closing: sum("closing"),
    limit,
    sharers: 1 + others.filter(({ open = 0 }) => open > 0).length,
  };
}

/** The edits of the last minute. */
function createEdits() {
  const made: { readonly at: number; readonly isClosing: boolean }[] = [];
  return {
    add(at: number, isClosing: boolean): void {
      made.push({ at, isClosing });
      while (made[0] !== undefined && made[0].at <= at - MINUTE_MS) made.shift();
    },
    since: (from: number): number => made.filter(({ at }) => at > from).length,
    closingsSince: (from: number): number =>
      made.filter(({ at, isClosing }) => isClosing && at > from).length,
    /** After how many ms `count` of this process's edits will be older than a minute. */
    untilExpired(count: number, now: number): number {
      const inMinute = made.filter(({ at }) => at > now - MINUTE_MS);
      return (inMinute[Math.min(count, inMinute.length) - 1]?.at ?? now) + MINUTE_MS - now;
    },
  };
}
