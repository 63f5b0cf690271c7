import type { Clock } from "../../clock.ts";
import { withTimeout } from "../../timers.ts";
import { BackendError, type BackendEvent, type TokenUsage } from "../backend.ts";
import { createFeed, type Feed } from "../cli/feed.ts";
import { incompleteReply } from "../provider-failure.ts";
import { type CodexErrors, turnFailure } from "./failure.ts";
import type { CodexThread } from "./server.ts";
import type { Notice, TurnError } from "./wire.ts";

export interface TurnOptions {
  readonly errors: CodexErrors;
  readonly clock: Clock;
  /** For the end of an interrupted turn, ms. */
  readonly patienceMs: number;
}

/** One turn of a thread and what comes of it. */
export interface CodexTurn {
  readonly onNotice: (method: string, notice: Notice) => void;
  /** The turn has begun. */
  began(thread: CodexThread): void;
  /** The next events, up to `done`; null after it. Rejects with a `BackendError`. */
  next(): Promise<readonly BackendEvent[] | null>;
  /** The program is gone, or did not begin. */
  fail(error: unknown): void;
  /** Ends the turn, interrupted if need be. Whether its server may take another move. Never rejects. */
  settle(): Promise<boolean>;
}

interface State extends TurnOptions {
  readonly feed: Feed<BackendEvent>;
  /** Resolves when the turn has ended: whether its server may take another move. */
  readonly over: PromiseWithResolvers<boolean>;
  thread: CodexThread | null;
  isOver: boolean;
  hasText: boolean;
  usage: TokenUsage | null;
}

export function createCodexTurn(options: TurnOptions): CodexTurn {
  const state: State = {
    ...options,
    feed: createFeed(),
    over: Promise.withResolvers(),
    thread: null,
    isOver: false,
    hasText: false,
    usage: null,
  };
  return {
    onNotice: (method, notice) => void (state.isOver || take(state, method, notice)),
    began: (started) => void (state.thread = started),
    next: () => state.feed.next(),
    fail(error) {
      state.isOver = true;
      state.feed.fail(error);
      state.over.resolve(error instanceof BackendError && error.reason !== "program_failed");
    },
    async settle() {
      const { thread, isOver, over, clock, patienceMs } = state;
      if (!thread) return true;
      if (!isOver) thread.interrupt();
      const isFit = await withTimeout(clock, patienceMs, over.promise);
      await thread.close();
      return isFit === true;
    },
  };
}

function take(state: State, method: string, notice: Notice): void {
  const { feed } = state;
  switch (method) {
    case "turn/completed":
      return complete(state, notice);
    case "item/agentMessage/delta":
      return say(state, notice.delta);
    case "item/completed":
      // Deltas came first, if the model streams.
      return say(state, state.hasText ? "" : textOf(notice));
    case "thread/tokenUsage/updated":
      state.usage = notice.tokenUsage ? tokensOf(notice.tokenUsage.total) : state.usage;
      return feed.push({ type: "alive" });
    default:
      return feed.push(thoughtIn(method, notice));
  }
}

const textOf = ({ item }: Notice): string => (item?.type === "agentMessage" ? item.text : "");

const thoughtIn = (method: string, { delta }: Notice): BackendEvent =>
  delta !== "" && /^item\/reasoning\/\w{0,30}delta$/i.test(method)
    ? { type: "thinking", text: delta }
    : { type: "alive" };

function say(state: State, text: string): void {
  state.hasText ||= text !== "";
  state.feed.push(text === "" ? { type: "alive" } : { type: "text", text });
}

function complete(state: State, { turn }: Notice): void {
  const { feed, errors, usage, over } = state;
  state.isOver = true;
  if (turn?.status === "completed") {
    feed.push({ type: "done", finish: "stop", usage });
    feed.end();
  } else if (turn?.status === "interrupted") {
    feed.fail(incompleteReply(errors.target, "it interrupted its turn itself"));
  } else endFailed(state, turn?.error);
  over.resolve(true);
}

/** A reply that its limit or a filter cut is an error for Codex. */
function endFailed(
  { feed, errors, usage, hasText }: State,
  error: TurnError | null | undefined,
): void {
  const [, reason = ""] = INCOMPLETE.exec(error?.message ?? "") ?? [];
  const finish = FINISH[reason];
  if (finish === undefined || (finish === "length" && !hasText)) {
    return feed.fail(turnFailure(error, errors));
  }
  feed.push({ type: "done", finish, usage });
  feed.end();
}

const INCOMPLETE = /incomplete response returned, reason: (\w{1,40})/i;
const FINISH: Readonly<Record<string, "length" | "refusal">> = {
  max_output_tokens: "length",
  content_filter: "refusal",
};

type Total = NonNullable<Notice["tokenUsage"]>["total"];

const tokensOf = ({ inputTokens, cachedInputTokens, outputTokens }: Total): TokenUsage | null =>
  inputTokens + outputTokens > 0
    ? { input: inputTokens, cached: cachedInputTokens, cacheWritten: 0, output: outputTokens }
    : null;
