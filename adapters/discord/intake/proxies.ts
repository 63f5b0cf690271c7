import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Addressed } from "../../../src/platform.ts";
import type { DiscordPlace } from "../ids.ts";
import { sentAt } from "../parse/read-message.ts";
import type { Message } from "../wire/message.ts";

/** A person's message that Parley takes on. */
export interface Taken {
  readonly message: Message;
  readonly addressed: Addressed;
  /** Its conversation; undefined: not known yet. */
  readonly place?: DiscordPlace;
}

/** A person's message, and the webhook's message that a proxy posted in its place. */
export interface Proxied {
  readonly original: Taken;
  readonly successor: Message;
}

/**
 * Proxies such as PluralKit and Tupperbox repost a person's message by a webhook, under another name, and delete the original about a second
 * later. A webhook's message alone means nothing: it counts only once the original is gone.
 */
export interface Proxies {
  took(taken: Taken): void;
  /** A webhook has written. The pair, if the original is gone already. */
  wrote(message: Message): Proxied | undefined;
  /** A message was deleted. The pair, if a proxy has reposted it. */
  lost(id: string): Proxied | undefined;
  /** The conversation of a proxy's message. */
  placeOf(id: string): DiscordPlace | undefined;
  placed(id: string, place: DiscordPlace): void;
}

const MOST_TAKEN = 2_000;
const MOST_WRITTEN = 500;
const MOST_PLACED = 10_000;
/** The longest time between a message and its proxy's, ms: a slow proxy takes some seconds. */
const LONGEST_MS = 15_000;
/** The most characters of the marks around a message that say whose it is, which the proxy removes. */
const LONGEST_TAGS = 110;

export function createProxies(): Proxies {
  const taken = createBoundedMap<string, Taken>(MOST_TAKEN);
  const gone = createBoundedMap<string, Taken>(MOST_WRITTEN);
  const written = createBoundedMap<string, Message>(MOST_WRITTEN);
  const places = createBoundedMap<string, DiscordPlace>(MOST_PLACED);
  const pair = (original: Taken, successor: Message): Proxied => {
    taken.delete(original.message.id);
    gone.delete(original.message.id);
    written.delete(successor.id);
    return { original, successor };
  };
  return {
    took: (one) => taken.set(one.message.id, one),
    wrote(message) {
      const original = gone.entries().find(([, { message: lost }]) => succeeds(message, lost))?.[1];
      if (original) return pair(original, message);
      written.set(message.id, message);
      return undefined;
    },
    lost(id) {
      const original = taken.get(id);
      if (!original) return undefined;
      const found = written.entries().find(([, message]) => succeeds(message, original.message));
      if (found) return pair(original, found[1]);
      gone.set(id, original);
      return undefined;
    },
    placeOf: (id) => places.get(id),
    placed: (id, place) => places.set(id, place),
  };
}

/** Whether a webhook's message says what a person's message said, at the same time and place. */
function succeeds(written: Message, lost: Message): boolean {
  const [said, before] = [wordsOf(written), wordsOf(lost)];
  return (
    written.channel_id === lost.channel_id &&
    written.attachments.length === lost.attachments.length &&
    Math.abs(sentAt(written) - sentAt(lost)) <= LONGEST_MS &&
    (said === "" ? lost.attachments.length > 0 : before.includes(said)) &&
    before.length - said.length <= LONGEST_TAGS
  );
}

/** A proxy without the right to embed puts links into angle brackets. */
const wordsOf = ({ content }: Pick<Message, "content">): string =>
  (content ?? "").replaceAll(/<(https?:[^<>\s]{1,2000})>/g, "$1").trim();

/** What people write to the proxies themselves: "pk;edit …", "tul!list". */
export const isForProxy = ({ content }: Pick<Message, "content">): boolean =>
  /^\s{0,5}(?:pk[;!]|tul!|tb!)/i.test(content ?? "");
