/** The four ways in which model servers talk. */
export type WireName = "responses" | "chat" | "anthropic" | "gemini";

/** What a model server refuses a request with, or breaks a stream off with. */
export type ErrorKind =
  | "rate_limit"
  | "quota"
  | "overloaded"
  | "server"
  | "auth"
  | "forbidden"
  | "not_found"
  | "context"
  | "bad_request"
  | "forced_tools";

/** Tokens as Parley counts them: `input` is the whole prompt, `output` includes reasoning. */
export interface ReplyUsage {
  readonly input: number;
  readonly cached: number;
  /** Only where the provider bills writes to its cache. */
  readonly cacheWritten: number;
  /** The part of `cacheWritten` that is kept for an hour or longer; absent: the provider does not say. */
  readonly cacheWrittenLong?: number;
  readonly output: number;
  readonly reasoning: number;
}

/** One answer of a model, in no provider's words. */
export interface Reply {
  readonly thinking?: string;
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: string }[];
  /** `stop` by default; calls are told by each provider in its own way. */
  readonly finish?: "stop" | "length" | "refusal";
  /** Absent: the provider sends none. */
  readonly usage?: ReplyUsage;
}

/** A request as it arrived. */
export interface RecordedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body's bytes as text. */
  readonly raw: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether the client went away before the response ended. */
  hungUp: boolean;
}

/** What any request says, whatever its format. */
export interface Seen {
  readonly model: string;
  /** The model must call a tool. */
  readonly forced: boolean;
  readonly maxOutputTokens: number | undefined;
}

/** One provider's wire format: frames of server-sent events and errors in its own words. */
export interface Wire {
  readonly path: RegExp;
  /** Frames with the content; a stream that ends after them was cut. */
  content(reply: Reply): string[];
  /** Frames that finish the answer: finish reason, usage, end mark. */
  finish(reply: Reply): string[];
  /** An error inside a stream that began with status 200. */
  errorFrame(kind: ErrorKind): string;
  /** Bytes without content that keep a silent stream open; undefined: the API sends none. */
  readonly keepAlive: string | undefined;
  failure(kind: ErrorKind, context: FailureContext): { status: number; body: unknown };
  see(request: RecordedRequest): Seen;
}

export interface FailureContext {
  /** The key that came with the request: bad servers repeat it. */
  readonly key: string;
  /** Seconds; for APIs that put it into the body. */
  readonly retryAfter: number | undefined;
}

/** Cuts a text into pieces, as models send it. */
export const pieces = (text: string, length = 7): string[] => {
  const letters = Array.from(text);
  return Array.from({ length: Math.ceil(letters.length / length) }, (_, i) =>
    letters.slice(i * length, (i + 1) * length).join(""),
  );
};

/** One server-sent event. */
export const frame = (data: unknown, event?: string): string =>
  `${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;

/** The object under a key, or an empty one. */
export const child = (value: unknown, key: string): Record<string, unknown> => {
  const found: unknown = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? found : {};
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
