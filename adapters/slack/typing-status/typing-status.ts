import type { AdapterState } from "../../../src/adapter-storage.ts";
import type { Clock } from "../../../src/clock.ts";
import type { TurnEvent } from "../../../src/coordination/turn-event.ts";
import type { TurnState } from "../../../src/coordination/turn-state.ts";
import { ConversationId, type TurnId } from "../../../src/ids.ts";
import { createSignCalls, type ShownSign, type ShowSign, type SignPorts } from "./set-status.ts";

/** Slack's loading sign in the threads where a turn runs: set when it starts, and always taken away. None rejects. */
export interface LoadingSigns {
  begin(conversation: ConversationId): void;
  /** A message was posted: Slack takes the assistant's sign away with each. */
  posted(conversation: ConversationId): void;
  end(conversation: ConversationId): void;
  /** Takes it away whoever set it. */
  takeAway(conversation: ConversationId): void;
  /** Takes away what a crash left: signs in threads in which no process runs a turn. */
  clearLeftovers(): Promise<void>;
  /** Resolves when every sign that had to go is gone, or cannot be taken away. */
  settled(): Promise<void>;
  /** No turn runs here any more: takes them all away, and resolves as `settled` does. */
  leave(): Promise<void>;
}

export interface LoadingPorts extends SignPorts {
  readonly kept: KeptList;
  /** Whether a turn runs there, in any process. */
  readonly isRunning: (conversation: ConversationId) => Promise<boolean>;
  readonly onProblem: (problem: unknown) => void;
}

/** Slack drops the assistant's status after two minutes without a message. */
const REFRESH_MS = 90_000;

export function createLoadingSigns(ports: LoadingPorts): LoadingSigns {
  const { clock, kept, isRunning, onProblem } = ports;
  const signs = new Map<ConversationId, Sign>();
  const show = createSignCalls(ports);

  const signIn = (conversation: ConversationId): Sign => {
    const known = signs.get(conversation);
    const sign = known ?? createSign(clock, (...wanted) => show(conversation, ...wanted));
    signs.set(conversation, sign);
    return sign;
  };

  const clear = async (conversation: ConversationId, isForced: boolean): Promise<void> => {
    const sign = signIn(conversation);
    if (!(await sign.turn(false, isForced))) return;
    kept.remove(conversation);
    if (signs.get(conversation) === sign) signs.delete(conversation);
  };
  const clearing = new Set<Promise<void>>();
  const end = (conversation: ConversationId, isForced = false): Promise<void> => {
    const work = clear(conversation, isForced).finally(() => clearing.delete(work));
    clearing.add(work);
    return work;
  };

  const settled = () => Promise.all(clearing).then(() => kept.settled());

  return {
    begin(conversation) {
      if (signs.get(conversation)?.isOn()) return;
      kept.add(conversation);
      void signIn(conversation).turn(true);
    },
    posted: (conversation) => signs.get(conversation)?.renew(),
    end: (conversation) => void (signs.get(conversation)?.isOn() && end(conversation)),
    takeAway: (conversation) => void end(conversation, true),
    async clearLeftovers() {
      const clearOne = async (one: ConversationId) => {
        if (!(await isRunning(one)) && !signs.has(one)) void end(one, true);
      };
      await Promise.all(kept.leftovers.map((one) => clearOne(one).catch(onProblem)));
      await settled();
    },
    settled,
    leave() {
      for (const [one, sign] of signs) if (sign.isOn()) void end(one);
      return settled();
    },
  };
}

type Sign = ReturnType<typeof createSign>;

/** The sign of one thread: one call at a time, and none for what has changed since. */
function createSign(clock: Clock, show: ShowSign) {
  const state = { isOn: false, shown: undefined as ShownSign };
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
    /** Resolves with whether it is still what is wanted. `isForced`: somebody else may have set it. */
    turn(isOn: boolean, isForced = false): Promise<boolean> {
      state.isOn = isOn;
      return put(isOn, isForced);
    },
    renew(): void {
      if (state.isOn && state.shown !== "sessions") void put(true);
    },
  };
}

/** Conversations with a loading sign, in all processes: they outlive the one that set it. */
export interface KeptList {
  /** What the store held at the start: left by a crash, or of turns that run elsewhere. */
  readonly leftovers: readonly ConversationId[];
  add(conversation: ConversationId): void;
  remove(conversation: ConversationId): void;
  /** Resolves when all changes are stored, or cannot be. */
  settled(): Promise<void>;
}

const PREFIX = "loading:";

/** Never rejects; what cannot be read or stored is reported. */
export async function openKeptList(
  state: AdapterState,
  onProblem: (problem: unknown) => void,
): Promise<KeptList> {
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

/** The turns that run here, one in a conversation, told by their events. */
export function createRunningTurns(on: {
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
    /** A turn that broke off has no last event. */
    turnDone: end,
  };
}

export type RunningTurns = ReturnType<typeof createRunningTurns>;
