import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/store.ts";
import { TurnInterrupted } from "../engine/engine.ts";
import type { OpenTurn } from "./open-turn.ts";
import { onWaitingChanged, waitingMessages } from "../intake/waiting-messages.ts";

/** Interval of status refreshes, ms; delivery paces the edits. */
const REFRESH_MS = 1_000;

export interface WatchOptions {
  readonly store: Pick<Store, "peopleInput" | "turns" | "messages" | "onPeopleInput" | "db">;
  readonly clock: Clock;
  /** The engine's signal; aborted when the turn must end early. */
  readonly signal: AbortSignal;
  readonly onProblem: (problem: unknown) => void;
}

/** Passes outside events to a running turn, from any process: stops, steering messages and votes, queued messages, elapsed time. The result stops watching. */
export async function watchTurn(
  open: OpenTurn,
  { store, clock, signal, onProblem }: WatchOptions,
): Promise<() => Promise<void>> {
  const hearPeople = () => tellTurn(open, store).catch(onProblem);
  const showWaiting = () =>
    waitingMessages(store, open.conversation).then(
      (waiting) => open.setWaiting(waiting),
      onProblem,
    );
  const interrupt = () => interruptTurn(open, signal);
  signal.addEventListener("abort", interrupt);
  if (signal.aborted) interrupt();
  const unlisten = [
    await store.onPeopleInput(open.turn, () => void hearPeople()),
    await onWaitingChanged(store, open.conversation, () => void showWaiting()),
  ];
  await hearPeople();
  await showWaiting();
  const tick = () => {
    open.refresh();
    cancel = clock.setTimer(REFRESH_MS, tick);
  };
  let cancel = clock.setTimer(REFRESH_MS, tick);
  return async () => {
    cancel();
    signal.removeEventListener("abort", interrupt);
    for (const stop of unlisten) await stop();
  };
}

/** Passes all steering messages and votes; the turn ignores those it already has. */
async function tellTurn(
  { turn, running }: OpenTurn,
  store: Pick<Store, "peopleInput">,
): Promise<void> {
  const { messages, choices } = await store.peopleInput(turn);
  for (const message of messages) running.steer(message);
  running.prefer(choices);
}

function interruptTurn(open: OpenTurn, signal: AbortSignal): void {
  const reason: unknown = signal.reason;
  const stop = reason instanceof TurnInterrupted ? reason.stop : null;
  if (stop) open.running.stop(stop.by, stop.reason);
  else open.running.abandon(reason instanceof Error ? reason : new TurnInterrupted(null));
}
