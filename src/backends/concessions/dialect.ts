import type { BackendError, BackendEvent, BackendRequest } from "../backend.ts";
import { whileWaiting } from "../whole-reply.ts";
import { dropFields } from "./fields.ts";
import type { Terms } from "./terms.ts";

/** One API: how requests are written, sent and read. */
export interface Dialect<Body extends object> {
  /** A new body for each call, of which nothing is shared. The request is on these terms already, the body's fields are not. */
  body(request: BackendRequest, terms: Terms): Body;
  /** Resolves with a successful response. Rejects with the SDK's errors, or a `BackendError`. */
  post(body: Body, signal: AbortSignal, terms: Terms): Promise<Response>;
  /** Reads a reply, streamed or whole. Throws the SDK's errors, or a `BackendError`. */
  read(response: Response): AsyncIterable<BackendEvent>;
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

interface Sending<Body extends object> extends Pick<BackendRequest, "signal" | "onAccepted"> {
  readonly dialect: Dialect<Body>;
}

/** Sends a body and reads the reply. */
export async function* send<Body extends object>(
  body: Body,
  terms: Terms,
  { dialect, signal, onAccepted }: Sending<Body>,
): AsyncGenerator<BackendEvent> {
  const posted = dialect.post(body, signal, terms);
  const response = terms.takes("streaming") ? await posted : yield* whileWaiting(posted);
  onAccepted?.(response.headers);
  yield* dialect.read(response);
}
