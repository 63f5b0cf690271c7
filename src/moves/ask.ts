import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendRequest,
  type LeftOut,
  type TokenUsage,
} from "../backends/backend.ts";
import type { MoveHooks } from "../coordination/move.ts";
import type { Meter } from "./meter.ts";
import type { RawCall } from "./read-call.ts";

/** The complete reply of one model call. */
export interface Reply {
  /** Trimmed. */
  readonly text: string;
  /** Not trimmed. */
  readonly raw: string;
  readonly calls: readonly RawCall[];
  readonly finish: Extract<BackendEvent, { type: "done" }>["finish"];
  /** Null if the backend did not report usage. */
  readonly usage: TokenUsage | null;
  /** True if the fallback backend answered. */
  readonly takenOver: boolean;
  /** Who declined, if `finish` is a refusal. */
  readonly declinedBy: "model" | "filter";
  /** The end of the text that must not show yet. */
  readonly unshown: string;
}

interface Listener extends Omit<MoveHooks, "signal"> {
  /** Meters the call, which has begun. */
  readonly meter: Meter;
  /** Called with the files that the model does not get. */
  readonly onLeftOut?: (files: readonly LeftOut[]) => void;
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
      const { finish, usage } = event;
      return { ...reply, text: reply.raw.trim(), finish, usage };
    }
    listener.onUsage(meter.read);
    if (event.type === "probed") continue;
    if (event.type === "left_out") listener.onLeftOut?.(event.files);
    else reply = take(reply, event, listener);
  }
  request.signal.throwIfAborted();
  throw new BackendError("incomplete", "the stream ended early");
}

const EMPTY: Reply = {
  text: "",
  raw: "",
  calls: [],
  finish: "stop",
  usage: null,
  takenOver: false,
  declinedBy: "model",
  unshown: "",
};

function take(
  reply: Reply,
  event: Exclude<BackendEvent, { type: "done" | "left_out" | "probed" }>,
  listener: Listener,
): Reply {
  switch (event.type) {
    case "text":
      return takeText(reply, event, listener);
    case "retracted":
      listener.onDelta({ text: "", reset: true });
      return { ...reply, raw: "", unshown: "" };
    case "declined":
      return { ...reply, declinedBy: event.by };
    case "tool_call":
      return { ...reply, calls: [...reply.calls, event] };
    case "retrying":
      return restart(reply, event, listener);
    case "queued": {
      const { cause, resumesInMs } = event;
      listener.onQueued({ cause, resumesInMs });
      return reply;
    }
    case "sent":
      listener.onSent();
      return reply;
    case "thinking":
    case "alive":
      return reply;
  }
}

function takeText(
  reply: Reply,
  { text, tentative }: Extract<BackendEvent, { type: "text" }>,
  listener: Listener,
): Reply {
  const unshown = reply.unshown + text;
  if (!tentative) listener.onDelta({ text: unshown, reset: false });
  return { ...reply, raw: reply.raw + text, unshown: tentative ? unshown : "" };
}

function restart(
  { takenOver }: Reply,
  event: Extract<BackendEvent, { type: "retrying" }>,
  listener: Listener,
): Reply {
  const { type: _, ...retry } = event;
  listener.onRetry(retry);
  listener.onDelta({ text: "", reset: true });
  return { ...EMPTY, takenOver: takenOver || retry.backend !== undefined };
}
