import type { Clock } from "../clock.ts";
import { PlatformError } from "../platform.ts";
import type { DeliveryMark, Outgoing, Platform, PostedMessage } from "../platform.ts";
import type {
  Deliveries,
  DeliveringTurn,
  Intended,
  LimitsHit,
} from "../store/tables/deliveries.ts";
import { sleep } from "../timers.ts";
import { giveUp } from "./delivery-error.ts";
import { replyOf } from "./reply-of.ts";

export interface DeliveryPorts {
  readonly platform: Pick<Platform, "capabilities" | "post" | "edit" | "find">;
  readonly deliveries: Deliveries;
  readonly clock: Clock;
}

/** Dependencies of posting one message. */
interface PostOnceOptions extends Omit<DeliveryPorts, "deliveries"> {
  readonly deliveries: Pick<Deliveries, "posted" | "confirm">;
}

/** One message that the outbox has recorded. */
export interface Post extends Pick<Intended, "fresh" | "heldAt"> {
  readonly turn: DeliveringTurn;
  readonly mark: DeliveryMark;
  readonly content: Outgoing;
  /** Aborts the waits between tries; of a status, also the post itself. */
  readonly signal: AbortSignal | undefined;
}

/** A posted message, and its rate-limit waits. */
export interface Posted extends PostedMessage {
  readonly limits: LimitsHit;
}

/** Tries per message; rate-limited tries do not count. */
const TRIES = 6;
/** Of a message with a file, which has a simpler form. */
const FILE_TRIES = 2;
const backoffMs = (tries: number): number => 500 * 2 ** (tries - 1);

/**
 * Posts a message exactly once and records its id. If the outcome is unknown, looks for the message in the thread: adopts it if it is
 * there, posts it again if not. Rejects with a `DeliveryError`, a `FencedError`, a `StoreError` or the signal's reason. A rate-limited
 * status is not retried: it rejects with the `PlatformError`.
 */
export async function postOnce(ports: PostOnceOptions, post: Post): Promise<Posted> {
  const { turn, mark } = post;
  let { fresh: sure, heldAt } = post;
  let limits: LimitsHit = { hits: 0, ms: 0 };
  for (let tries = 1; ;) {
    try {
      const posted = await findOrPost(ports, { ...post, fresh: sure, heldAt });
      await ports.deliveries.posted(turn, { ...mark, messageId: posted.id, limits });
      return { ...posted, limits };
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      const limited = error.outcome === "rate_limited";
      // A newer status will exist by the time the rate limit ends.
      if (limited && sure && mark.kind === "status") throw error;
      if (isHopeless(error, tries)) throw giveUp(describe(mark), error);
      tries += Number(!limited);
      sure &&= limited;
      heldAt = -Infinity;
      const ms = error.retryAfterMs ?? backoffMs(tries);
      limits = waited(limits, limited, ms);
      await sleep(ports.clock, ms, post.signal);
    }
  }
}

const waited = ({ hits, ms }: LimitsHit, isLimited: boolean, more: number): LimitsHit =>
  isLimited ? { hits: hits + 1, ms: ms + more } : { hits, ms };

/** Whether another try is pointless. */
const isHopeless = ({ outcome, about }: PlatformError, tries: number): boolean =>
  outcome !== "rate_limited" &&
  (outcome !== "unknown" || tries === (about === "file" ? FILE_TRIES : TRIES));

async function findOrPost(ports: PostOnceOptions, post: Post): Promise<PostedMessage> {
  const { platform, deliveries, clock } = ports;
  const { conversation } = post.turn;
  const found = post.fresh
    ? undefined
    : await replyOf(clock, () => platform.find(conversation, post.mark));
  if (found) return found;
  await deliveries.confirm(post.turn, post.heldAt);
  const signal = post.mark.kind === "status" ? post.signal : undefined;
  return replyOf(clock, () => platform.post(conversation, post.content, post.mark, signal));
}

const describe = ({ kind, chunk }: DeliveryMark): string =>
  ({ status: "The status message", final: `Part ${chunk + 1} of the answer`, note: "The note" })[
    kind
  ];
