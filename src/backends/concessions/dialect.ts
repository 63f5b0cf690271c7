import type { BackendError, BackendRequest } from "../backend.ts";
import type { CallTarget } from "../provider-failure.ts";
import type { ReplyReader } from "../reply/reply-reader.ts";
import { dropFields } from "./fields.ts";
import type { Terms } from "./terms.ts";

/** One API: how requests are written, sent and read. */
export interface Dialect<Body extends object> {
  /** A new body for each call, of which nothing is shared. The request is on these terms already, the body's fields are not. */
  body(request: BackendRequest, terms: Terms): Body;
  /** Resolves with a successful response. Rejects with the SDK's errors, or a `BackendError`. */
  post(body: Body, signal: AbortSignal, terms: Terms): Promise<Response>;
  /** A new reader for each reply, streamed or whole. */
  readonly reader: () => ReplyReader;
  /** The server, for error messages. */
  readonly target: CallTarget;
  /** Classifies the SDK's errors. */
  readonly classify: (error: unknown) => BackendError;
}

/** The body of a request on these terms. */
export function bodyOn<Body extends object>(
  terms: Terms,
  request: BackendRequest,
  dialect: Dialect<Body>,
): Body {
  const body = dialect.body(request, terms);
  dropFields(body, terms.fields);
  return body;
}
