import type { Clock } from "../clock.ts";
import type { Store } from "../store/store.ts";
import { TurnInterrupted } from "./engine.ts";
import type { OpenTurn } from "./open-turns.ts";

/** Between two looks at the clock for the status, ms; the edits themselves are paced by delivery. */
const REFRESH_MS = 1_000;

export interface WatchOptions {
  readonly store: Pick<Store, "inbox" | "onSteered">;
  readonly clock: Clock;
  /** The engine's: why the turn is to end before its time. */
  readonly signal: AbortSignal;
  readonly onProblem: (problem: unknown) => void;
}

/** Brings to a running turn what happens outside of it: stops, messages in its inbox, the time. The result ends that. */
export async function watchTurn(
  open: OpenTurn,
  { store, clock, signal, onProblem }: WatchOptions,
): Promise<() => Promise<void>> {
  const readInbox = () =>
    store.inbox
      .list(open.turn)
      .then((messages) => messages.forEach((message) => open.running.steer(message)), onProblem);
  const interrupt = () => interruptTurn(open, signal);
  signal.addEventListener("abort", interrupt);
  if (signal.aborted) interrupt();
  const unlisten = await store.onSteered(open.turn, () => void readInbox());
  await readInbox();
  const tick = () => {
    open.refresh();
    cancel = clock.setTimer(REFRESH_MS, tick);
  };
  let cancel = clock.setTimer(REFRESH_MS, tick);
  return async () => {
    cancel();
    signal.removeEventListener("abort", interrupt);
    await unlisten();
  };
}

function interruptTurn(open: OpenTurn, signal: AbortSignal): void {
  const reason: unknown = signal.reason;
  const stop = reason instanceof TurnInterrupted ? reason.stop : null;
  if (stop) open.running.stop(stop.by, stop.reason);
  else open.running.abandon(reason instanceof Error ? reason : new TurnInterrupted(null));
}
