import type { Clock } from "../../clock.ts";
import { withTimeout } from "../../timers.ts";
import { type BackendEvent, BackendError } from "../backend.ts";
import { createFeed, type Feed } from "../cli/feed.ts";
import type { MoveCall } from "../cli/move-tools/move-call.ts";
import type { OpenMove } from "../cli/move-tools/move-tools.ts";
import { incompleteReply } from "../provider-failure.ts";
import type { AcpSession } from "./agent.ts";
import { type AcpErrors, errorInText } from "./failure.ts";
import { usageOf } from "./usage.ts";
import { chunkText, type Prompted, type SessionUpdate } from "./wire.ts";

export interface TurnOptions {
  readonly errors: AcpErrors;
  readonly clock: Clock;
  /** For the result after a call or a cancel, ms. */
  readonly patienceMs: number;
  /** The agent ends its turn itself once its call has its reply; others are cancelled, which costs no second model call either. */
  readonly endsAfterCall: boolean;
  /** It counts the tokens of each reply that ended: an answer without counts broke off. */
  readonly countsWholeReplies: boolean;
}

/** One prompt and what comes of it. */
export interface AcpTurn {
  readonly onUpdate: (update: SessionUpdate) => void;
  /** Sends the prompt. Call once. */
  start(session: AcpSession, blocks: readonly object[], move: OpenMove | null): void;
  /** The next events, up to `done`; null after it. Rejects with a `BackendError`. */
  next(): Promise<readonly BackendEvent[] | null>;
  /** Ends the turn, cancelled if need be. Whether its agent may take another move. Never rejects. */
  settle(): Promise<boolean>;
}

interface State extends TurnOptions {
  readonly feed: Feed<BackendEvent>;
  text: string;
  call: MoveCall | null;
  session: AcpSession | null;
  /** Settles when the agent's result came: whether it is fit for another move. */
  result: Promise<boolean> | null;
  isCancelled: boolean;
  isOver: boolean;
}

export function createAcpTurn(options: TurnOptions): AcpTurn {
  const state: State = {
    ...options,
    feed: createFeed(),
    text: "",
    call: null,
    session: null,
    result: null,
    isCancelled: false,
    isOver: false,
  };
  return {
    onUpdate: (update) => take(state, update),
    start(session, blocks, move) {
      state.session = session;
      state.result = session.prompt(blocks).then(
        (prompted) => finish(state, prompted),
        (error: unknown) => fail(state, error),
      );
      void move?.called.then((call) => takeCall(state, call, move));
    },
    next: () => state.feed.next(),
    async settle() {
      const { session, result, clock, patienceMs, isOver } = state;
      if (!session || !result) return true;
      state.isCancelled = !isOver;
      if (!isOver) session.cancel();
      const isFit = await withTimeout(clock, patienceMs, result);
      await session.close();
      return isFit === true;
    },
  };
}

/** A notice that Claude's adapter writes into the answer. */
const NOTICE = /^\*\*Warning:\*\* We're changing auto mode[^\n]{0,1000}\n{0,3}/;

/** Gemini CLI puts the title of a thought before each piece of it, also where there is none. */
const NO_TITLE = /^\*{4}\n/;

function take(state: State, update: SessionUpdate): void {
  if (state.call || state.isOver) return;
  const { sessionUpdate } = update;
  const text = chunkText(update);
  if (sessionUpdate === "agent_message_chunk" && text !== "") {
    const shown = state.text === "" ? text.replace(NOTICE, "") : text;
    state.text += shown;
    state.feed.push(shown === "" ? { type: "alive" } : { type: "text", text: shown });
  } else if (sessionUpdate === "agent_thought_chunk" && text !== "") {
    state.feed.push({ type: "thinking", text: text.replace(NO_TITLE, "") });
  } else state.feed.push({ type: "alive" });
}

/** The first call counts, whatever becomes of the turn. */
function takeCall(state: State, call: MoveCall, move: OpenMove): void {
  if (state.isOver) return;
  state.call = call;
  state.feed.push({ type: "tool_call", ...call });
  if (state.endsAfterCall) move.release();
  else state.session?.cancel();
  void endAfterCall(state);
}

/** The usage comes with the result, if it comes. */
async function endAfterCall(state: State): Promise<void> {
  const { clock, patienceMs, result } = state;
  if (result) await withTimeout(clock, patienceMs, result);
  done(state, { finish: "tool", usage: null });
}

function finish(state: State, prompted: Prompted): boolean {
  const usage = usageOf(prompted);
  // Nobody reads the result of what Parley cancelled, and the agent is as good as before.
  if (state.isCancelled) return true;
  if (state.call) {
    done(state, { finish: "tool", usage });
    return true;
  }
  const problem = problemOf(state, prompted);
  if (problem) {
    state.isOver = true;
    state.feed.fail(problem);
    return isOfProvider(problem);
  }
  done(state, { finish: FINISH[prompted.stopReason] ?? "stop", usage });
  return true;
}

const FINISH: Readonly<Record<string, "length" | "refusal">> = {
  max_tokens: "length",
  refusal: "refusal",
};

/** A stop reason is no proof of success. */
function problemOf(state: State, prompted: Prompted): BackendError | null {
  const { text, errors } = state;
  const { stopReason, _meta } = prompted;
  const { target } = errors;
  const failure = _meta?.jetbrains?.air.sessionFailure;
  if (failure) {
    const { title, category } = failure;
    return errorInText(title, target) ?? incompleteReply(target, title || category);
  }
  const why = text.trim() === "" ? EMPTY[stopReason] : CANCELLED[stopReason];
  if (why !== undefined) return incompleteReply(target, why);
  const brokeOff = state.countsWholeReplies && usageOf(prompted) === null;
  return brokeOff ? incompleteReply(target, BROKE_OFF) : errorInText(text, target);
}

const BROKE_OFF = "the stream ended before the answer did";

/** Nobody but the agent cancelled it: Parley reads no results of what it cancels. */
const CANCELLED: Readonly<Record<string, string>> = { cancelled: "it cancelled its turn itself" };
const EMPTY: Readonly<Record<string, string>> = {
  ...CANCELLED,
  max_turn_requests: "it used up its turn without an answer",
  max_tokens: "it used up its output before it wrote anything",
};

/** The first end of the feed counts. */
function fail(state: State, error: unknown): boolean {
  if (state.call) done(state, { finish: "tool", usage: null });
  state.isOver = true;
  state.feed.fail(error);
  return error instanceof BackendError && isOfProvider(error);
}

/** After its provider's failures an agent is as good as before; its own may have broken it. */
const isOfProvider = ({ failure, reason }: BackendError): boolean =>
  reason !== "program_failed" &&
  failure !== "incomplete" &&
  failure !== "network" &&
  failure !== "timeout";

function done(state: State, end: Omit<Extract<BackendEvent, { type: "done" }>, "type">): void {
  if (state.isOver) return;
  state.isOver = true;
  state.feed.push({ type: "done", ...end });
  state.feed.end();
}
