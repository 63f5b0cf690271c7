/** The first limit of an account: providers refuse what is too much, so start high. */
const FIRST = 64;
/** The first limit of a local server: it refuses nothing, but answers all of its calls ever more slowly. */
const FIRST_LOCAL = 4;
/** The sockets of one process are the limit beyond this. */
const MOST = 1024;
const MOST_LOCAL = 64;

/** A local server that takes a call on later than this, against its best, has no room for more. */
const slowFor = (bestMs: number): number => 2 * bestMs + 500;
/** After a cut the limit grows fast up to this share of what was refused, as in CUBIC (RFC 9438): calls last long, so rounds are few. */
const REGROWTH = 0.9;
/** The best time is forgotten by so much per call, because servers change. */
const FORGET = 1.05;

/**
 * How many calls an account may have in flight: additive increase, multiplicative decrease, with a slow start, as in TCP (RFC 5681). A call that the
 * server took on, while as many were in flight as allowed, raises the limit; a refusal halves it.
 */
export interface Concurrency {
  /** At least 1. */
  readonly limit: number;
  /** The server took a call on, so many ms after it was sent. `isFull`: no other call had room. */
  accepted(call: { readonly isFull: boolean; readonly tookMs: number }): void;
  /**
   * The server refused the call with this number for lack of room. Calls are numbered as they are sent, and `sent` is the last number: what was sent
   * before the last decrease belongs to the same burst and changes nothing.
   */
  refused(call: {
    readonly number: number;
    readonly sent: number;
    readonly inFlight: number;
    /** So many have room, as repeated refusals have shown; null: unknown. */
    readonly room: number | null;
  }): void;
  /** An admin says that the server has room for so many. */
  trust(limit: number): void;
}

export function createConcurrency({ isLocal }: { readonly isLocal: boolean }): Concurrency {
  const most = isLocal ? MOST_LOCAL : MOST;
  let limit = isLocal ? FIRST_LOCAL : FIRST;
  /** Below it every accepted call adds one; above it, a whole round of them does. */
  let threshold = Number.POSITIVE_INFINITY;
  let bestMs = Number.POSITIVE_INFINITY;
  let lastCut = 0;
  return {
    get limit() {
      return Math.floor(limit);
    },
    accepted({ isFull, tookMs }) {
      const isSlow = isLocal && tookMs > slowFor(bestMs);
      bestMs = Math.min(tookMs, bestMs * FORGET);
      if (!isFull || isSlow || limit >= most) return;
      limit += limit < threshold ? 1 : 1 / limit;
    },
    refused({ number, sent, inFlight, room }) {
      if (number <= lastCut) return;
      lastCut = sent;
      const tried = Math.min(limit, inFlight);
      threshold = Math.max(1, room ?? tried * REGROWTH);
      limit = Math.max(1, room ?? tried / 2);
    },
    trust(given) {
      // After a refusal the server's word counts.
      if (isLocal && lastCut === 0) limit = Math.max(limit, given);
    },
  };
}
