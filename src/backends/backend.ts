import type { CacheLife } from "../coordination/cache-life.ts";
import type { FailureReason } from "../coordination/failure-reason.ts";
import type { QueueCause } from "../coordination/queue-events.ts";
import type { FailureClass } from "../coordination/turn-event.ts";
import type { Said } from "./concessions/said.ts";

/** A part of a message to a model. */
export type Part =
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "file";
      readonly name: string;
      /** `image/png`, `application/pdf`, …. A backend that cannot read the file sends a one-line note instead. */
      readonly mediaType: string;
      readonly data: Uint8Array;
      /** Encloses text of the file in the prompt's tags, for backends that send its text instead. */
      readonly enclose?: (text: string) => string;
    };

/** One message of a prompt, in a real chat role. */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly parts: readonly Part[];
  /** The prompt up to this message will probably repeat, so providers with explicit cache breakpoints set one here. */
  readonly cache?: boolean;
}

/** A function the model may call. `schema` is a JSON Schema whose properties are all required and closed (OpenAI's strict mode). */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** The form of a reply that is JSON. `schema` is a JSON Schema whose properties are all required and closed. */
export interface ReplyFormat {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** A file that a backend does not send, because its server does not take it. */
export interface LeftOut {
  readonly file: string;
  /** In words, after the file's name: "this model reads no images". */
  readonly why: string;
  /** The server has just said so for the first time. */
  readonly isNew: boolean;
}

export interface BackendRequest {
  /** Sections, most stable first: team rules, then the agent's instructions. */
  readonly system: readonly string[];
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly ToolSpec[];
  /** `required` applies only to models known to support it; otherwise it means `auto`. */
  readonly toolChoice: "auto" | "required";
  /** Asks for JSON where the server can; the prompt must ask for it too. */
  readonly replyFormat?: ReplyFormat;
  /** The maximum number of output tokens. Default: the backend's. */
  readonly maxOutputTokens?: number;
  readonly signal: AbortSignal;
  /** The move's deadline on the process's clock, which waiting for room postpones. Default: computed from the time of the call. */
  readonly deadline?: number;
  /** When the turn of the call began, ms since the epoch: calls of older turns are sent first. Default: after all others. */
  readonly turnStartedAt?: number;
  /** Called with the headers of the reply as soon as the server has taken the call on. Backends without HTTP do not call it. */
  readonly onAccepted?: (headers: Headers) => void;
  /** The same for all calls of a conversation, for providers that route by it (OpenAI's `prompt_cache_key`). */
  readonly cacheKey?: string;
  /** How long the provider is asked to keep the prompt, if it lets us choose. Default: 5m. */
  readonly cacheLife?: CacheLife;
}

/** Tokens of one call. `input` is the whole prompt, including cached and cache-written tokens (which Anthropic reports separately). */
export interface TokenUsage {
  readonly input: number;
  readonly cached: number;
  readonly cacheWritten: number;
  /** The part of `cacheWritten` that is kept for an hour or longer; absent: the provider did not report it. */
  readonly cacheWrittenLong?: number;
  /** Includes reasoning. */
  readonly output: number;
}

export type BackendEvent =
  /** `tentative`: it may turn out to be thinking, so do not show it yet. */
  | { readonly type: "text"; readonly text: string; readonly tentative?: true }
  | { readonly type: "thinking"; readonly text: string }
  /** The text so far was thinking: some models send only the end of their thoughts' markup. */
  | { readonly type: "retracted" }
  /** Before a `done` with the finish `refusal`: who declined. The default is the model. */
  | { readonly type: "declined"; readonly by: "model" | "filter" }
  /**
   * Data without content; resets the idle watchdog. `usage` is the provider's count so far, if it reports one before the end; `written` is a
   * piece of an unfinished tool call.
   */
  | { readonly type: "alive"; readonly usage?: TokenUsage; readonly written?: string }
  /** Files that the model does not get, before its reply. */
  | { readonly type: "left_out"; readonly files: readonly LeftOut[] }
  /** A short call of its own found out which files the server takes. `usage`: as reported; null: not reported. */
  | {
      readonly type: "probed";
      readonly messages: readonly PromptMessage[];
      readonly usage: TokenUsage | null;
      /** The most tokens that the model may have written. */
      readonly mostOutput: number;
    }
  /** The call waits for room on its account, or now waits for something else. `resumesInMs`: until the provider's pause ends; null: unknown. */
  | {
      readonly type: "queued";
      readonly cause: QueueCause;
      readonly resumesInMs: number | null;
    }
  /** There is room, and the resilience layer sends the call now. */
  | { readonly type: "sent" }
  /** A complete tool call. `arguments` is the model's JSON text, valid or not. */
  | { readonly type: "tool_call"; readonly name: string; readonly arguments: string }
  /** The resilience layer restarts the call: discard what was streamed. `backend` names the fallback, if it takes over. */
  | {
      readonly type: "retrying";
      readonly attempt: number;
      readonly failure: FailureClass;
      readonly message: string;
      readonly delayMs: number;
      readonly backend?: string;
    }
  /** Exactly once, as the last event. A stream without it was truncated. */
  | {
      readonly type: "done";
      readonly finish: "stop" | "tool" | "length" | "refusal";
      readonly usage: TokenUsage | null;
    };

/**
 * One way to reach a model. `ask` yields events and ends with exactly one `done`. Throws a `BackendError` on failure, or the signal's reason on
 * abort. Never retries: `resilience` does.
 */
export interface Backend {
  /** The `backend` of the team file: openai, anthropic, … */
  readonly kind: string;
  readonly model: string;
  /** The billing provider's id in the price catalogue; null if unknown. */
  readonly provider: string | null;
  ask(request: BackendRequest): AsyncIterable<BackendEvent>;
}

/** A failed model call: its class, the provider's message (without secrets) and the requested wait. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  readonly failure: FailureClass;
  /** Milliseconds; absent if the provider did not specify it. */
  readonly retryAfterMs: number | undefined;
  /** False if retries cannot help, even if the class suggests it (`insufficient_quota` is a 429). */
  readonly passing: boolean | undefined;
  /** What people are told who may not read the message. */
  readonly reason: FailureReason | undefined;
  /** For a prompt that is too long: the model's window and the prompt's tokens, where the server names them. */
  readonly overflow: { readonly window?: number; readonly prompt?: number } | undefined;
  /** What the server said, if it refused the request. */
  readonly said: Said | undefined;

  constructor(
    failure: FailureClass,
    message: string,
    options: {
      cause?: unknown;
      retryAfterMs?: number | undefined;
      passing?: boolean | undefined;
      reason?: FailureReason | undefined;
      overflow?: BackendError["overflow"];
      said?: Said | undefined;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.failure = failure;
    this.retryAfterMs = options.retryAfterMs;
    this.passing = options.passing;
    this.reason = options.reason;
    this.overflow = options.overflow;
    this.said = options.said;
  }
}
