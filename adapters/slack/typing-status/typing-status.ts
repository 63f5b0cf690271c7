import type { AdapterState } from "../../../src/adapter-storage.ts";
import type { Clock } from "../../../src/clock.ts";
import type { TurnEvent } from "../../../src/coordination/turn-event.ts";
import type { TurnState } from "../../../src/coordination/turn-state.ts";
import { ConversationId, type TurnId } from "../../../src/ids.ts";
import type { SetStatus, ShownStatus, StatusChange } from "./set-status.ts";

/** Slack's own status of an app at work ("is typing…"), in the threads where a turn runs: set at its start, and always cleared. None rejects. */
export interface TypingStatus {
  begin(conversation: ConversationId): void;
  /** A message was posted: Slack clears the assistant's status with each. */
  posted(conversation: ConversationId): void;
  end(conversation: ConversationId): void;
  /** Clears it, whoever set it. */
  clear(conversation: ConversationId): void;
  /** Clears what a crash left in threads in which no process runs a turn. */
  clearLeftovers(): Promise<void>;
  /** Resolves when every status that must go is cleared, or cannot be. */
  settled(): Promise<void>;
  /** No turn runs here any more: clears all, and resolves as `settled` does. */
  leave(): Promise<void>;
}

export interface TypingStatusPorts {
  readonly setStatus: SetStatus;
  readonly marked: MarkedThreads;
  /** Whether a turn runs there, in any process. */
  readonly isRunning: (conversation: ConversationId) => Promise<boolean>;
  readonly clock: Clock;
  readonly onProblem: (problem: unknown) => void;
}

/** Slack drops the assistant's status after two minutes without a message. */
const REFRESH_MS = 90_000;

export function createTypingStatus(ports: TypingStatusPorts): TypingStatus {
  const { clock, marked, isRunning, setStatus, onProblem } = ports;
  const statuses = new Map<ConversationId, ThreadStatus>();

  const statusOf = (conversation: ConversationId): ThreadStatus => {
    const known = statuses.get(conversation);
    const status = known ?? createThreadStatus(clock, (change) => setStatus(conversation, change));
    statuses.set(conversation, status);
    return status;
  };

  const clear = async (conversation: ConversationId, isForced: boolean): Promise<void> => {
    const status = statusOf(conversation);
    if (!(await status.turn(false, isForced))) return;
    marked.remove(conversation);
    if (statuses.get(conversation) === status) statuses.delete(conversation);
  };
  const clearing = new Set<Promise<void>>();
  const end = (conversation: ConversationId, isForced = false): Promise<void> => {
    const work = clear(conversation, isForced).finally(() => clearing.delete(work));
    clearing.add(work);
    return work;
  };

  const settled = () => Promise.all(clearing).then(() => marked.settled());

  return {
    begin(conversation) {
      if (statuses.get(conversation)?.isOn()) return;
      marked.add(conversation);
      void statusOf(conversation).turn(true);
    },
    posted: (conversation) => statuses.get(conversation)?.renew(),
    end: (conversation) => void (statuses.get(conversation)?.isOn() && end(conversation)),
    clear: (conversation) => void end(conversation, true),
    async clearLeftovers() {
      const clearOne = async (one: ConversationId) => {
        if (!(await isRunning(one)) && !statuses.has(one)) void end(one, true);
      };
      await Promise.all(marked.leftovers.map((one) => clearOne(one).catch(onProblem)));
      await settled();
    },
    settled,
    leave() {
      for (const [one, status] of statuses) if (status.isOn()) void end(one);
      return settled();
    },
  };
}

type ThreadStatus = ReturnType<typeof createThreadStatus>;

/** The status of one thread: one call at a time, and none for what has changed since. */
function createThreadStatus(clock: Clock, show: (change: StatusChange) => Promise<ShownStatus>) {
  const state = { isOn: false, shown: undefined as ShownStatus };
  let calls: Promise<unknown> = Promise.resolve();
  let cancelRefresh = () => {};

  const put = (isOn: boolean, isForced = false): Promise<boolean> => {
    cancelRefresh();
    const call = calls.then(async () => {
      const isWanted = () => state.isOn === isOn;
      const isNeeded = isOn || isForced || state.shown !== "none";
      if (isWanted() && isNeeded) state.shown = await show({ isOn, isWanted, was: state.shown });
      if (isWanted() && isOn && state.shown === "assistant") {
        cancelRefresh();
        cancelRefresh = clock.setTimer(REFRESH_MS, () => void put(true));
      }
      return isWanted();
    });
    calls = call;
    return call;
  };

  return {
    isOn: () => state.isOn,
    /** Resolves to whether the change is still wanted. `isForced`: another process may have set the status. */
    turn(isOn: boolean, isForced = false): Promise<boolean> {
      state.isOn = isOn;
      return put(isOn, isForced);
    },
    renew(): void {
      if (state.isOn && state.shown !== "sessions") void put(true);
    },
  };
}

/** Conversations whose status is set, in all processes. They are stored, so that a crash leaves no status behind. */
export interface MarkedThreads {
  /** What the store held at the start: from a crash, or from turns of other processes. */
  readonly leftovers: readonly ConversationId[];
  add(conversation: ConversationId): void;
  remove(conversation: ConversationId): void;
  /** Resolves when all changes are stored, or cannot be. */
  settled(): Promise<void>;
}

const PREFIX = "loading:";

/** Never rejects; what cannot be read or stored is reported. */
export async function openMarkedThreads(
  state: AdapterState,
  onProblem: (problem: unknown) => void,
): Promise<MarkedThreads> {
  const leftovers = await state.keys(PREFIX).catch((problem: unknown) => {
    onProblem(problem);
    return [];
  });
  let last = Promise.resolve();
  const change = (work: () => Promise<void>): void => {
    last = last.then(work).catch(onProblem);
  };
  return {
    leftovers: leftovers.map((key) => ConversationId.parse(key.slice(PREFIX.length))),
    add: (conversation) => change(() => state.put(PREFIX + conversation, "true")),
    remove: (conversation) => change(() => state.remove(PREFIX + conversation)),
    settled: () => last,
  };
}

/** Tracks which conversations run a turn in this process, by the turn's events. */
export function trackRunningTurns(on: {
  readonly begun: (conversation: ConversationId) => void;
  readonly ended: (conversation: ConversationId) => void;
}) {
  const running = new Map<ConversationId, TurnId>();
  const end = (conversation: ConversationId): void => {
    if (running.delete(conversation)) on.ended(conversation);
  };
  return {
    turnEvent(
      conversation: ConversationId,
      { type }: Pick<TurnEvent, "type">,
      { turn }: Pick<TurnState, "turn">,
    ): void {
      if (type === "turn_ended") return end(conversation);
      if (running.get(conversation) === turn) return;
      running.set(conversation, turn);
      on.begun(conversation);
    },
    /** A turn that was broken off has no last event. */
    turnDone: end,
  };
}

export type RunningTurns = ReturnType<typeof trackRunningTurns>;
