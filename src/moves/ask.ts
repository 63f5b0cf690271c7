import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendRequest,
  type TokenUsage,
} from "../backends/backend.ts";
import type { MoveHooks } from "../coordination/move.ts";
import type { Meter } from "./meter.ts";
import type { RawCall } from "./read-call.ts";

/** The complete reply of one model call. */
export interface Reply {
  /** Trimmed. */
  readonly text: string;
  readonly calls: readonly RawCall[];
  readonly finish: Extract<BackendEvent, { type: "done" }>["finish"];
  /** Null if the backend did not report usage. */
  readonly usage: TokenUsage | null;
  /** True if the fallback backend answered. */
  readonly takenOver: boolean;
}

interface Listener extends Pick<MoveHooks, "onRetry" | "onDelta" | "onUsage"> {
  /** Meters the call, which has begun. */
  readonly meter: Meter;
}

/** Calls a backend and collects its stream. Throws the backend's errors, and a `BackendError` for a truncated stream. */
export async function ask(
  backend: Backend,
  request: BackendRequest,
  listener: Listener,
): Promise<Reply> {
  const { meter } = listener;
  listener.onUsage(meter.read);
  try {
    return await gather(backend, request, listener);
  } catch (error) {
    meter.fail(error);
    throw error;
  }
}

async function gather(
  backend: Backend,
  request: BackendRequest,
  listener: Listener,
): Promise<Reply> {
  const { meter } = listener;
  let reply = EMPTY;
  for await (const event of backend.ask(request)) {
    meter.take(event);
    if (event.type === "done") {
      return { ...reply, text: reply.text.trim(), finish: event.finish, usage: event.usage };
    }
    listener.onUsage(meter.read);
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
  takenOver: false,
};

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
    case "sent":
      return reply;
  }
}
