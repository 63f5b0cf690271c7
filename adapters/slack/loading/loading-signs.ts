import type { Clock } from "../../../src/clock.ts";
import type { ConversationId } from "../../../src/ids.ts";
import type { KeptList } from "./kept-list.ts";
import { createSignCalls, type ShownSign, type ShowSign, type SignPorts } from "./sign-calls.ts";

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
