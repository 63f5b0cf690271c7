import type { Clock } from "../clock.ts";
import { PlatformError } from "../platform.ts";
import type { StatusView } from "../progress/status-view.ts";
import type { DeliveringTurn } from "../store/tables/deliveries.ts";
import { isOfDeletion } from "../progress/failure-words.ts";
import { withTimeout } from "../timers.ts";
import { TOO_LATE } from "./status-post.ts";
import { type StatusLine, type StatusPorts, createStatusLine } from "./status-line.ts";

/** The message that shows a turn while it runs. Lossy: a newer view replaces one whose edit is still pending. */
export interface StatusMessage {
  show(view: StatusView): void;
  /** Whether Parley may post nothing there, once the first view was sent; false as well if the platform does not answer soon. */
  isRefused(): Promise<boolean>;
  /** Drops pending views and accepts only the last one: the turn has ended, and its answer is being posted. `posting` shows if that takes long. */
  hold(posting: StatusView): void;
  /**
   * Shows the last view at once and accepts no more. Does not post a status below the answer that people wait for: only that of a turn that
   * somebody stopped. Resolves once it is shown or has failed; never rejects.
   */
  freeze(view: StatusView): Promise<void>;
}

/** Posting an answer usually takes less, ms. */
const POSTING_MS = 1_000;
/** How long the agents wait for the first post, ms; a refusal comes sooner. */
const FIRST_MS = 1_000;

/** Consecutive failures before an edit is dropped. */
const FAILURES = 5;

export function createStatusMessage(ports: StatusPorts, turn: DeliveringTurn): StatusMessage {
  const { clock } = ports;
  const { line, state, take, first, end } = createEdits(ports, turn);
  const postingTimer = createTimer(clock);
  return {
    show(view) {
      if (!state.held) take(view);
    },
    async isRefused() {
      await withTimeout(clock, FIRST_MS, first);
      return line.isRefused === true;
    },
    hold(posting) {
      state.held = true;
      take(null);
      postingTimer.set(clock.now() + POSTING_MS, () => take(posting));
    },
    freeze(view) {
      Object.assign(state, { held: true, frozen: true });
      postingTimer.cancel();
      line.forgetWait();
      if (!isAloneAfterwards(view)) line.cancelPost();
      take(view);
      return end;
    },
  };
}

/** Debounces edits: one in flight, the latest view wins, none sooner than the platform allows. */
function createEdits(ports: StatusPorts, turn: DeliveringTurn) {
  const { clock, platform, onProblem } = ports;
  const line = createStatusLine(ports, turn);
  const state = createState();
  const first = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const timer = createTimer(clock);
  const least = platform.capabilities.minEditIntervalMs;

  const plan = (): void => {
    const { pending } = state;
    if (pending !== null && !line.over && !state.busy) {
      const due = dueOf(pending, line, state, { least, now: clock.now() });
      if (due > clock.now()) return timer.set(due, plan);
      void flush(pending);
    } else if (state.frozen && !state.busy) end.resolve();
    timer.cancel();
  };

  const flush = async (view: StatusView): Promise<void> => {
    state.busy = true;
    state.pending = null;
    const problem = await line.put(view, state.held ? isAloneAfterwards(view) : true);
    first.resolve();
    if (countFailure(state, problem)) onProblem(problem, turn);
    else if (problem !== null && (state.frozen || !state.held)) state.pending ??= view;
    state.busy = false;
    plan();
  };

  const take = (view: StatusView | null): void => {
    state.pending = view;
    plan();
  };

  return {
    line,
    state,
    take,
    /** Settles when the first view was sent, or could not be. */
    first: first.promise,
    /** Settles when the last one was. */
    end: end.promise,
  };
}

/** Whether to drop an edit after repeated failures. A rate limit is not a failure: in a busy workspace many edits wait. */
function countFailure(state: { failures: number }, problem: unknown): boolean {
  if (problem === TOO_LATE) return false;
  state.failures = problem === null || isLimited(problem) ? 0 : state.failures + 1;
  if (state.failures < FAILURES) return false;
  state.failures = 0;
  return true;
}

const createState = () => ({
  pending: null as StatusView | null,
  held: false,
  frozen: false,
  busy: false,
  failures: 0,
});

/** Whether the thread shows nothing else of the turn: answers and failures are messages of their own, and a deleted question needs none. */
const isAloneAfterwards = ({ phase, note }: StatusView): boolean =>
  phase === "stopped" && !isOfDeletion(note);

const isLimited = (problem: unknown): boolean =>
  problem instanceof PlatformError && problem.outcome === "rate_limited";

/** When the view may be sent. A stream asks for each piece of text, so views are compared only once an edit may be sent. */
function dueOf(
  view: StatusView,
  line: StatusLine,
  { frozen, failures }: { readonly frozen: boolean; readonly failures: number },
  { least, now }: { readonly least: number; readonly now: number },
): number {
  // The last edit follows the answer at once.
  if (frozen && failures === 0) return line.notBefore;
  const soonest = dueAt(line, least, failures);
  const isSoon = soonest > now || frozen || isNews(view, line.shown);
  return isSoon ? soonest : dueAt(line, 2 * least, failures);
}

const dueAt = (line: StatusLine, gap: number, failures: number): number =>
  Math.max(line.notBefore, line.touchedAt + gap * 2 ** failures);

/** Whether more than the clock or a counter has changed. Updates that change nothing else are paced more slowly. */
const isNews = (view: StatusView, shown: StatusView | null): boolean =>
  shown === null || contentOf(view) !== contentOf(shown);

const COUNTERS: ReadonlySet<string> = new Set(["elapsedMs", "tokens", "costUsd"]);

const contentOf = (view: StatusView): string =>
  JSON.stringify(view, (key, value: unknown) => (COUNTERS.has(key) ? undefined : value));

/** One timer at most. Setting it for the same time again leaves it alone. */
function createTimer(clock: Clock) {
  let running: { readonly at: number; readonly cancel: () => void } | null = null;
  const cancel = (): void => {
    running?.cancel();
    running = null;
  };
  return {
    cancel,
    /** Calls `wake` at this time of the clock. */
    set(at: number, wake: () => void): void {
      if (running?.at === at) return;
      cancel();
      const stop = clock.setTimer(at - clock.now(), () => {
        running = null;
        wake();
      });
      running = { at, cancel: stop };
    },
  };
}
