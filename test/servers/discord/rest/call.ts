import type { Json } from "../wire/json.ts";

/** A file of a multipart request. */
export interface UploadedFile {
  /** "files[0]". */
  readonly field: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** One request to the API, as it arrived. */
export interface Call {
  /** "POST /channels/:channel/messages". */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A call with what became of it, for tests. */
export interface RecordedCall extends Call {
  /** Server's time, ms since the epoch. */
  readonly at: number;
  /** 0: the connection was cut instead. */
  status: number;
  /** Discord's error code. */
  code: number | undefined;
}

/** What an endpoint answers: undefined is 204. */
export type Answer = Json | readonly Json[] | Created | undefined;

/** An answer with 201. */
export interface Created {
  readonly created: Json;
}

/** `all`: the global limit, which is the bot's, and a bucket; `own`: a bucket alone; `none`: neither. */
export type LimitKind = "all" | "own" | "none";

export interface Route {
  /** "POST /channels/:channel/messages". */
  readonly pattern: string;
  /** False: whoever knows the address may call it. */
  readonly needsToken?: false;
  readonly limit?: LimitKind;
  readonly run: (call: Call) => Answer | Promise<Answer>;
}

export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`${call.route} has no :${name}`);
  return value;
}
