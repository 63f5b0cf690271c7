import { type BackendEvent, BackendError, type BackendRequest, type LeftOut } from "../backend.ts";
import { readReply } from "../read-reply.ts";
import { joinDeltas } from "../reply/join-deltas.ts";
import { whileWaiting } from "../whole-reply.ts";
import { adaptRequest } from "./adapt-request.ts";
import { bodyOn, type Dialect } from "./dialect.ts";
import { createCallEmulation } from "./emulated-tools.ts";
import type { Ledger } from "./ledger.ts";
import { createNegotiation, type Negotiation } from "./negotiation.ts";

/**
 * Calls a server, and leaves out what it does not take: a refusal that names a part of the request leads to the same request without it, which
 * `ledger` remembers. Only a request that was refused before a reply began is sent again. Yields events in batches.
 * Throws `BackendError`s, and the signal's reason on abort.
 */
export async function* concedingCall<Body extends object>(
  request: BackendRequest,
  dialect: Dialect<Body>,
  ledger: Ledger,
): AsyncGenerator<readonly BackendEvent[]> {
  const negotiation = createNegotiation(dialect, ledger);
  for (;;) {
    let call: OpenCall | null = null;
    try {
      call = yield* open(request, dialect, negotiation);
      for (let events = await call.read(); events; events = await call.read()) yield events;
      for (const event of call.end()) yield [event];
      return;
    } catch (error) {
      request.signal.throwIfAborted();
      const failure = error instanceof BackendError ? error : dialect.classify(error);
      const canMend = !call?.hasBegun() && (await negotiation.concede(failure, request.signal));
      yield negotiation.probes();
      if (!canMend) throw failure;
      request.signal.throwIfAborted();
    } finally {
      call?.close();
    }
  }
}

/** A request that the server has answered with a status of success, and its reply. */
interface OpenCall {
  /** Resolves to the next events; null: only those of `end` are left. */
  readonly read: () => Promise<readonly BackendEvent[] | null>;
  /** The last events. */
  readonly end: () => Iterable<BackendEvent>;
  readonly close: () => void;
  /** Whether the server has accepted the request. */
  readonly hasBegun: () => boolean;
}

/** Sends the request on the terms known so far. Yields signs of life while a reply is awaited that comes as a whole. */
async function* open<Body extends object>(
  given: BackendRequest,
  dialect: Dialect<Body>,
  negotiation: Negotiation,
): AsyncGenerator<readonly BackendEvent[], OpenCall> {
  const terms = negotiation.terms();
  const { request, leftOut } = await adaptRequest(given, terms);
  const body = bodyOn(terms, request, dialect);
  negotiation.sent({ request, terms, body });
  const posted = dialect.post(body, given.signal, terms);
  const response = terms.takes("streaming") ? await posted : yield* whileWaiting(posted);
  given.onAccepted?.(response.headers);
  const isEmulated = given.tools.length > request.tools.length;
  const emulate = isEmulated ? createCallEmulation(given.tools) : null;
  const files = leftOut.map(({ because, ...file }) => ({
    ...file,
    isNew: negotiation.isNew(because),
  }));
  const beginning = createBeginning(negotiation.settle, files);
  const reader = dialect.reader();
  const reply = readReply(response, dialect.target);
  const told = (event: BackendEvent): readonly BackendEvent[] =>
    (emulate?.(event) ?? [event]).flatMap(beginning.take);
  // Most events come after the beginning, and change no more.
  const toldAll = (events: readonly BackendEvent[]): readonly BackendEvent[] =>
    emulate || !beginning.isOver() ? events.flatMap(told) : events;
  return {
    async read() {
      if (reader.isOver()) return null;
      const batch = await reply.next();
      const events = batch?.flatMap((sent) => (reader.isOver() ? [] : toldAll(reader.take(sent))));
      return events ? joinDeltas(events) : null;
    },
    *end() {
      for (const event of reader.end()) yield* told(event);
    },
    close: () => reply.close(reader.isOver()),
    hasBegun: beginning.isOver,
  };
}

/** Watches for the first event of the reply itself: the request is accepted, and the files that it left out are told. */
function createBeginning(settle: () => void, files: readonly LeftOut[]) {
  let isOver = false;
  const take = (event: BackendEvent): readonly BackendEvent[] => {
    if (isOver || !isReply(event)) return [event];
    isOver = true;
    settle();
    return files.length > 0 ? [{ type: "left_out", files }, event] : [event];
  };
  return { isOver: () => isOver, take };
}

/** Whether the server has accepted the request: before that, it may send signs of life and an error. */
const isReply = (event: BackendEvent): boolean =>
  event.type === "alive" ? event.written !== undefined : true;
