import { type BackendEvent, BackendError, type BackendRequest } from "../backend.ts";
import { adaptRequest } from "./adapt-request.ts";
import { bodyOn, type Dialect, send } from "./dialect.ts";
import { readEmulatedCalls } from "./emulated-tools.ts";
import type { Ledger } from "./ledger.ts";
import { createNegotiation, type Negotiation } from "./negotiation.ts";

/**
 * Calls a server, and leaves out what it does not take: a refusal that names a part of the request leads to the same request without it, which
 * `ledger` remembers. Throws `BackendError`s, and the signal's reason on abort.
 */
export async function* concedingCall<Body extends object>(
  request: BackendRequest,
  dialect: Dialect<Body>,
  ledger: Ledger,
): AsyncGenerator<BackendEvent> {
  const negotiation = createNegotiation(dialect, ledger);
  for (;;) {
    const failure = yield* attempt(request, dialect, negotiation);
    request.signal.throwIfAborted();
    if (!failure) return;
    if (!(await negotiation.concede(failure, request.signal))) throw failure;
    request.signal.throwIfAborted();
  }
}

/** One request. Returns its failure if it was refused before a reply began, which another request may mend; throws any other. */
async function* attempt<Body extends object>(
  request: BackendRequest,
  dialect: Dialect<Body>,
  negotiation: Negotiation,
): AsyncGenerator<BackendEvent, BackendError | null> {
  let hasBegun = false;
  try {
    const { events, leftOut } = await open(request, dialect, negotiation);
    for await (const event of events) {
      if (!hasBegun && isReply(event)) {
        hasBegun = true;
        negotiation.settle();
        yield* leftOut.length > 0 ? [{ type: "left_out", files: leftOut } as const] : [];
      }
      yield event;
    }
    return null;
  } catch (error) {
    request.signal.throwIfAborted();
    const failure = error instanceof BackendError ? error : dialect.classify(error);
    if (hasBegun) throw failure;
    return failure;
  }
}

/** Sends the request on the terms known so far. */
async function open<Body extends object>(
  given: BackendRequest,
  dialect: Dialect<Body>,
  negotiation: Negotiation,
) {
  const terms = negotiation.terms();
  const { request, leftOut } = await adaptRequest(given, terms);
  const body = bodyOn(terms, request, dialect);
  negotiation.sent({ request, terms, body });
  const { signal, onAccepted } = given;
  const reply = send(body, terms, { dialect, signal, ...(onAccepted && { onAccepted }) });
  const isEmulated = given.tools.length > request.tools.length;
  return {
    events: isEmulated ? readEmulatedCalls(reply, given.tools) : reply,
    leftOut: leftOut.map(({ because, ...file }) => ({
      ...file,
      isNew: negotiation.isNew(because),
    })),
  };
}

/** Whether the server has accepted the request: before that, it may send signs of life and an error. */
const isReply = (event: BackendEvent): boolean =>
  event.type === "alive" ? event.written !== undefined : true;
