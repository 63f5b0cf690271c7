import { retry } from "../../../src/adapter-kit/queue/retry.ts";
import type { Clock } from "../../../src/clock.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { Client } from "../api/clients.ts";
import type { SlackPlace } from "../place.ts";
import { MessagePage } from "../wire/answers.ts";
import type { SlackMessage } from "../wire/message.ts";

/** As much of a thread as Slack gave. */
export interface ThreadPages {
  /** Oldest first, each once. */
  readonly messages: readonly SlackMessage[];
  /** Set when Slack did not give the rest: how long until it may be asked again, ms. */
  readonly limitedMs: number | undefined;
}

export interface PagesOf {
  readonly client: Client;
  readonly place: SlackPlace;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Ends the reading early. */
  readonly until?: (message: SlackMessage) => boolean;
}

/** Slack recommends 200; apps under the limits of 2025 get 15, whatever they ask for. */
const PAGE = 200;
const MOST_PAGES = 50;
/** The longest wait for the next page, ms. Longer waits leave the history incomplete. */
const PATIENCE_MS = 5_000;
const TRIES = 3;

/** Reads a thread page by page. Rejects with a `PlatformError`, but not for a rate limit. */
export async function readPages(options: PagesOf): Promise<ThreadPages> {
  const { until = () => false } = options;
  const messages = new Map<string, SlackMessage>();
  let next: string | undefined = undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: MessagePage | number = await readPage(options, next);
    if (typeof answer === "number") return pages(messages, answer);
    // The root is the first message of every page.
    for (const message of answer.messages) messages.set(message.ts, message);
    next = answer.response_metadata?.next_cursor || undefined;
    if (next === undefined || answer.messages.some(until)) return pages(messages, undefined);
  }
  return pages(messages, 0);
}

const pages = (messages: ReadonlyMap<string, SlackMessage>, limitedMs: number | undefined) => ({
  messages: [...messages.values()],
  limitedMs,
});

/** A page, or how long Slack refuses it, ms. */
async function readPage(options: PagesOf, next: string | undefined): Promise<MessagePage | number> {
  const { client, place, clock, signal } = options;
  const args = {
    channel: place.channel,
    ts: place.thread,
    limit: PAGE,
    include_all_metadata: true,
    ...(next !== undefined && { cursor: next }),
  };
  const attempt = () => {
    if (signal.aborted) throw new PlatformError("rejected", "Reading the thread was cancelled.");
    return client.call("conversations.replies", args, MessagePage);
  };
  try {
    return await retry(attempt, {
      clock,
      delayAfter(error, failures) {
        const ms = limitedMs(error) ?? Infinity;
        return ms > PATIENCE_MS || failures === TRIES ? undefined : ms;
      },
    });
  } catch (error) {
    const ms = limitedMs(error);
    if (ms === undefined) throw error;
    return ms;
  }
}

/** How long Slack takes no more such calls; undefined: the call failed in another way. */
const limitedMs = (error: unknown): number | undefined =>
  error instanceof PlatformError && error.outcome === "rate_limited"
    ? (error.retryAfterMs ?? PATIENCE_MS)
    : undefined;
