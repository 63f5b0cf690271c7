import { PlatformError } from "../platform.ts";
import type { StatusView } from "../progress/status-view.ts";
import type { DeliveringTurn } from "../store/tables/deliveries.ts";
import { type StatusLine, type StatusPorts, createStatusLine } from "./status-line.ts";

/** The one message that shows a turn while it runs. Lossy: a view is dropped when a newer one comes before its edit is due. */
export interface StatusMessage {
  show(view: StatusView): void;
  /** Shows this last view and takes no more. Resolves when it is shown, or cannot be; never rejects. */
  freeze(view: StatusView): Promise<void>;
}

/** Failures of an edit, one after the other, before it is dropped. */
const FAILURES = 5;

/** One edit in flight, the latest view wins, and none sooner than the platform allows. */
export function createStatusMessage(ports: StatusPorts, turn: DeliveringTurn): StatusMessage {
  const { clock, platform, onProblem } = ports;
  const line = createStatusLine(ports, turn);
  const state = { pending: null as StatusView | null, frozen: false, busy: false, failures: 0 };
  const end = Promise.withResolvers<void>();
  let cancelTimer = () => {};

  const plan = (): void => {
    cancelTimer();
    if (state.busy) return;
    if (state.pending === null || line.over || (state.frozen && isNeedless(state.pending, line))) {
      if (state.frozen) end.resolve();
      return;
    }
    const gap = gapBefore(state.pending, line.shown, platform.capabilities.minEditIntervalMs);
    const due = dueAt(line, state.frozen ? gap.least : gap.usual, state.failures);
    if (due <= clock.now()) void flush(state.pending);
    else cancelTimer = clock.setTimer(due - clock.now(), plan);
  };

  const flush = async (view: StatusView): Promise<void> => {
    state.busy = true;
    state.pending = null;
    const problem = await line.put(view);
    // A platform that has no room now has not failed: in a busy place many wait for theirs.
    state.failures = problem === null || isLimited(problem) ? 0 : state.failures + 1;
    if (state.failures === FAILURES) {
      state.failures = 0;
      onProblem(problem, turn);
    } else if (problem !== null) state.pending ??= view;
    state.busy = false;
    plan();
  };

  return {
    show(view) {
      if (state.frozen) return;
      state.pending = view;
      plan();
    },
    freeze(view) {
      state.frozen = true;
      state.pending = view;
      plan();
      return end.promise;
    },
  };
}

/** Below the answer, which has the buttons and the footer, a status that comes so late says nothing new. */
const isNeedless = ({ phase }: StatusView, line: StatusLine): boolean =>
  line.isMissing() && phase === "answered";

const isLimited = (problem: unknown): boolean =>
  problem instanceof PlatformError && problem.outcome === "rate_limited";

const dueAt = (line: StatusLine, gap: number, failures: number): number =>
  Math.max(line.notBefore, line.touchedAt + gap * 2 ** failures);

/** Changes of state go first: what only moves the clock and the counters on leaves room for one between two of its edits. */
function gapBefore(view: StatusView, shown: StatusView | null, least: number) {
  return { least, usual: shown && contentOf(view) === contentOf(shown) ? 2 * least : least };
}

const COUNTERS: ReadonlySet<string> = new Set(["elapsedMs", "tokens", "costUsd"]);

const contentOf = (view: StatusView): string =>
  JSON.stringify(view, (key, value: unknown) => (COUNTERS.has(key) ? undefined : value));
