import type { FailureClass } from "../coordination/turn-event.ts";

/** A piece of a message to a model. */
export type Part =
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "file";
      readonly name: string;
      /** `image/png`, `application/pdf`, …: a backend that cannot read it replaces it by a one-line note. */
      readonly mediaType: string;
      readonly data: Uint8Array;
    };

/** One message of a prompt, in a real chat role. */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly parts: readonly Part[];
  /** The prompt up to and including this message is likely to come again: a provider with explicit cache marks puts one here. */
  readonly cache?: boolean;
}

/** A function the model may call. `schema` is a JSON Schema whose properties are all required and closed (OpenAI's strict mode). */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface BackendRequest {
  /** Sections, most stable first: team rules, then the agent's instructions. */
  readonly system: readonly string[];
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly ToolSpec[];
  /** `required` is honoured only where the model is known to take it; otherwise it is `auto`. */
  readonly toolChoice: "auto" | "required";
  /** Upper bound on output tokens; absent: the backend's own. */
  readonly maxOutputTokens?: number;
  readonly signal: AbortSignal;
  /** When the move runs out of time, on the process's clock: nothing waits past it. Absent: counted from the call. */
  readonly deadline?: number;
  /** Same for all calls of one conversation, for providers that route by it (OpenAI's `prompt_cache_key`). */
  readonly cacheKey?: string;
}

/** Tokens of one call. `input` is the whole prompt, cached and cache-written parts included (Anthropic reports them apart). */
export interface TokenUsage {
  readonly input: number;
  readonly cached: number;
  readonly cacheWritten: number;
  /** Reasoning included. */
  readonly output: number;
}

export type BackendEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly text: string }
  /**
   * Bytes on the wire without content: resets the idle watchdog. `usage` is what the provider has counted so far, where it says so before
   * the end; `written` is a piece of a tool call that is still being written.
   */
  | { readonly type: "alive"; readonly usage?: TokenUsage; readonly written?: string }
  /** Resilience has room for the call, and it goes out now. */
  | { readonly type: "sent" }
  /** A complete call; `arguments` is the JSON text as the model wrote it, valid or not. */
  | { readonly type: "tool_call"; readonly name: string; readonly arguments: string }
  /** Resilience starts the call over: forget what was streamed. `backend` names the one that takes over, if another. */
  | {
      readonly type: "retrying";
      readonly attempt: number;
      readonly failure: FailureClass;
      readonly message: string;
      readonly delayMs: number;
      readonly backend?: string;
    }
  /** Exactly once, last. A stream that ends without it was cut. */
  | {
      readonly type: "done";
      readonly finish: "stop" | "tool" | "length" | "refusal";
      readonly usage: TokenUsage | null;
    };

/**
 * One way to reach a model. `ask` yields events and ends with exactly one `done`; every failure is thrown as a `BackendError`, except an
 * abort by `signal`, which is thrown as the signal's reason. It never retries: that is `resilience`'s job.
 */
export interface Backend {
  /** The `backend` of the team file: openai, anthropic, … */
  readonly kind: string;
  readonly model: string;
  /** Who bills for it, as the price catalogue names it; null: nobody knows. */
  readonly provider: string | null;
  ask(request: BackendRequest): AsyncIterable<BackendEvent>;
}

/** Which models take a forced tool choice, as far as calls have shown; the adapters ask and tell. */
export interface ForcedTools {
  mayForce(kind: string, model: string): boolean;
  /** The model refused to be forced: it is asked with `auto` from now on. */
  cannotForce(kind: string, model: string): void;
}

/** A failed model call: its class, the provider's words (without secrets) and how long the provider asks to wait. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  readonly failure: FailureClass;
  /** Milliseconds; absent: the provider did not say. */
  readonly retryAfterMs: number | undefined;
  /** False: no retry can help, whatever the class says (`insufficient_quota` is a 429). */
  readonly passing: boolean | undefined;

  constructor(
    failure: FailureClass,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | undefined; passing?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.failure = failure;
    this.retryAfterMs = options.retryAfterMs;
    this.passing = options.passing;
  }
}
