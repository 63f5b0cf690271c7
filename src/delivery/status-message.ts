import { PlatformError } from "../platform.ts";
import type { StatusView } from "../progress/status-view.ts";
import type { DeliveringTurn } from "../store/tables/deliveries.ts";
import { type StatusLine, type StatusPorts, createStatusLine } from "./status-line.ts";

/** The message that shows a turn while it runs. Lossy: a newer view replaces one whose edit is still pending. */
export interface StatusMessage {
  show(view: StatusView): void;
  /** Drops pending views and accepts only the last one: the turn has ended, and its answer is being posted. */
  hold(): void;
  /** Shows the last view and accepts no more. Resolves once it is shown or has failed; never rejects. */
  freeze(view: StatusView): Promise<void>;
}

/** Consecutive failures before an edit is dropped. */
const FAILURES = 5;

/** Debounces edits: one in flight, the latest view wins, none sooner than the platform allows. */
export function createStatusMessage(ports: StatusPorts, turn: DeliveringTurn): StatusMessage {
  const { clock, platform, onProblem } = ports;
  const line = createStatusLine(ports, turn);
  const state = createState();
  const end = Promise.withResolvers<void>();
  let cancelTimer = () => {};

  const plan = (): void => {
    cancelTimer();
    if (state.busy) return;
    const isDone = line.over || (state.frozen && isNeedless(state.pending, line));
    if (state.pending === null || isDone) return void (state.frozen && end.resolve());
    const gap = gapBefore(state.pending, line.shown, platform.capabilities.minEditIntervalMs);
    const due = dueAt(line, state.frozen ? gap.least : gap.usual, state.failures);
    if (due <= clock.now()) void flush(state.pending);
    else cancelTimer = clock.setTimer(due - clock.now(), plan);
  };

  const flush = async (view: StatusView): Promise<void> => {
    state.busy = true;
    state.pending = null;
    const problem = await line.put(view);
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
    show(view) {
      if (!state.held) take(view);
    },
    hold() {
      state.held = true;
      take(null);
    },
    freeze(view) {
      Object.assign(state, { held: true, frozen: true });
      // The last edit has its own rate-limit capacity, so it does not wait for earlier ones.
      line.forgetWait();
      take(view);
      return end.promise;
    },
  };
}

/** Whether to drop an edit after repeated failures. A rate limit is not a failure: in a busy workspace many edits wait. */
function countFailure(state: { failures: number }, problem: unknown): boolean {
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

/** A status posted this late, below the answer with its buttons and footer, adds nothing. */
const isNeedless = (view: StatusView | null, line: StatusLine): boolean =>
  line.isMissing() && view?.phase === "answered";

const isLimited = (problem: unknown): boolean =>
  problem instanceof PlatformError && problem.outcome === "rate_limited";

const dueAt = (line: StatusLine, gap: number, failures: number): number =>
  Math.max(line.notBefore, line.touchedAt + gap * 2 ** failures);

/** State changes take priority: updates that only change the clock or counters are paced more slowly. */
function gapBefore(view: StatusView, shown: StatusView | null, least: number) {
  return { least, usual: shown && contentOf(view) === contentOf(shown) ? 2 * least : least };
}

const COUNTERS: ReadonlySet<string> = new Set(["elapsedMs", "tokens", "costUsd"]);

const contentOf = (view: StatusView): string =>
  JSON.stringify(view, (key, value: unknown) => (COUNTERS.has(key) ? undefined : value));
