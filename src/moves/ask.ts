import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendRequest,
  type TokenUsage,
} from "../backends/backend.ts";
import type { Clock } from "../clock.ts";
import type { MoveHooks } from "../coordination/move.ts";
import type { RawCall } from "./read-call.ts";

/** All that one model call returned. */
export interface Reply {
  /** Trimmed. */
  readonly text: string;
  readonly calls: readonly RawCall[];
  readonly finish: Extract<BackendEvent, { type: "done" }>["finish"];
  /** Null: the backend did not say. */
  readonly usage: TokenUsage | null;
  /** Milliseconds; null: nothing came. */
  readonly firstTokenMs: number | null;
  /** The backend that answered is not the one that was asked. */
  readonly takenOver: boolean;
}

type Listener = Pick<MoveHooks, "onRetry" | "onDelta">;

/** Asks a backend and gathers what it streams. Throws what the backend throws, and a `BackendError` for a stream without an end. */
export async function ask(
  backend: Backend,
  request: BackendRequest,
  listener: Listener,
  clock: Clock,
): Promise<Reply> {
  const asked = clock.now();
  let reply = EMPTY;
  for await (const event of backend.ask(request)) {
    if (event.type === "done") {
      return { ...reply, text: reply.text.trim(), finish: event.finish, usage: event.usage };
    }
    if (reply.firstTokenMs === null && CONTENT.has(event.type)) {
      reply = { ...reply, firstTokenMs: clock.now() - asked };
    }
    reply = take(reply, event, listener);
  }
  request.signal.throwIfAborted();
  throw new BackendError("incomplete", "the stream ended early");
}

const EMPTY: Reply = {
  text: "",
  calls: [],
  finish: "stop",
  usage: null,
  firstTokenMs: null,
  takenOver: false,
};

const CONTENT = new Set<BackendEvent["type"]>(["text", "thinking", "tool_call"]);

function take(
  reply: Reply,
  event: Exclude<BackendEvent, { type: "done" }>,
  listener: Listener,
): Reply {
  switch (event.type) {
    case "text":
      listener.onDelta({ text: event.text, reset: false });
      return { ...reply, text: reply.text + event.text };
    case "tool_call":
      return { ...reply, calls: [...reply.calls, event] };
    case "retrying": {
      const { type: _, ...retry } = event;
      listener.onRetry(retry);
      listener.onDelta({ text: "", reset: true });
      return { ...EMPTY, takenOver: reply.takenOver || event.backend !== undefined };
    }
    case "thinking":
    case "alive":
      return reply;
  }
}
