import type { IncomingMessage, ServerResponse } from "node:http";
import { isIPv6 } from "node:net";
import {
  type CallLimit,
  createTokenBucket,
} from "../../../src/adapter-kit/rate-limit/call-limits.ts";
import { createBoundedMap } from "../../../src/bounded-map.ts";

/** Visits to the install pages. Each installation takes two, and each visit writes to the store. */
const OF_ONE_ADDRESS = { perMinute: 10, burst: 20 };
const OF_ALL = { perMinute: 100, burst: 200 };
/** The most addresses to remember. */
const MOST_ADDRESSES = 10_000;

/** Keeps visitors from filling the store with installations that they never finish. */
export interface InstallLimit {
  /** Answers 429 and returns true when too many visits came, from this address or in all. */
  refuses(request: IncomingMessage, response: ServerResponse): boolean;
}

export function createInstallLimit(now: () => number): InstallLimit {
  const all = createTokenBucket(OF_ALL);
  const addresses = createBoundedMap<string, CallLimit>(MOST_ADDRESSES);
  const bucketOf = (address: string): CallLimit =>
    addresses.ensure(address, () => createTokenBucket(OF_ONE_ADDRESS));

  return {
    refuses(request, response) {
      const at = now();
      const buckets = [bucketOf(clientAddress(request)), all];
      const short = buckets.find((bucket) => bucket.room(at, false) < 1);
      if (short) {
        const waitMs = short.untilRoomFor(1 - short.room(at, false), at);
        response.writeHead(429, {
          "content-type": "text/plain; charset=utf-8",
          "retry-after": String(Math.max(1, Math.ceil(waitMs / 1000))),
        });
        response.end("Too many installations. Please try again in a minute.\n");
        return true;
      }
      for (const bucket of buckets) bucket.take(at);
      return false;
    },
  };
}

const PRIVATE = /^(?:::1$|f[cd]|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/i;

/**
 * The address of the visitor. A reverse proxy has a private address and appends the address it sees to X-Forwarded-For; the visitor can
 * forge the entries before that. All addresses of one IPv6 network, a /64, count as one visitor.
 */
function clientAddress({ socket, headers }: IncomingMessage): string {
  const peer = unmapped(socket.remoteAddress ?? "");
  const forwarded = [headers["x-forwarded-for"] ?? ""].flat().join(",").split(",").at(-1)?.trim();
  const address = PRIVATE.test(peer) && forwarded ? unmapped(forwarded) : peer;
  return isIPv6(address) ? networkOf(address) : address.slice(0, 45);
}

/** Turns "::ffff:1.2.3.4", the form on dual-stack servers, into "1.2.3.4". */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");

function networkOf(address: string): string {
  const [head = "", tail = ""] = address.split("::", 2);
  const [before, after] = [head, tail].map((half) => half.split(":").filter((part) => part !== ""));
  const zeros = address.includes("::") ? 8 - (before?.length ?? 0) - (after?.length ?? 0) : 0;
  const groups = [...(before ?? []), ...Array.from({ length: zeros }, () => "0"), ...(after ?? [])];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
