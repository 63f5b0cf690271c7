import type { Api } from "../api/api.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { DiscordPlace } from "../ids.ts";
import { fetchMessage } from "./fetch-messages.ts";
import { Message, MESSAGE_TYPES } from "../wire/message.ts";

/** Maximum length of the reply chain that leads to a thread's first message. */
const LONGEST_CHAIN = 10;

interface Chain {
  /** Oldest first, the thread's first message last. */
  readonly messages: readonly Message[];
  /** False: Discord did not show all of it. */
  readonly complete: boolean;
}

interface Looking {
  /** The message that a proxy posted in its place. */
  readonly moved?: string | null | undefined;
  /** The thread's own oldest message. */
  readonly oldest: Message | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The message that the thread was opened on, which is in the channel. Rejects with a `PlatformError`, also if there is none. */
export async function findStarter(
  api: Api,
  { channel, thread }: DiscordPlace,
  { oldest, signal, moved }: Looking,
): Promise<Message> {
  if (moved) return fetchMessage(api, { channel, id: moved, signal });
  const linked = oldest?.type === MESSAGE_TYPES.threadStarter;
  const carried = linked ? oldest.referenced_message : null;
  const id = (linked && oldest.message_reference?.message_id) || thread;
  return carried ? Message.parse(carried) : fetchMessage(api, { channel, id, signal });
}

/** The message that the thread was opened on, and the reply chain that led to it. */
export async function readStarter(api: Api, place: DiscordPlace, looking: Looking): Promise<Chain> {
  const { signal } = looking;
  try {
    const starter = await findStarter(api, place, looking);
    return { messages: await chainOf(api, starter, signal), complete: true };
  } catch (error) {
    signal?.throwIfAborted();
    // A thread may have been opened without a message, or the message was deleted: nothing is missing.
    return { messages: [], complete: error instanceof PlatformError && error.outcome === "gone" };
  }
}

/** A message and the messages it replies to, as far as they can be read. */
async function chainOf(
  api: Api,
  last: Message,
  signal: AbortSignal | undefined,
): Promise<readonly Message[]> {
  const chain: Message[] = [last];
  for (let reply = last; chain.length <= LONGEST_CHAIN;) {
    const { message_reference: to } = reply;
    if (!to?.message_id || to.type === 1) break;
    const found =
      reply.referenced_message ??
      (await fetchMessage(api, {
        channel: to.channel_id ?? reply.channel_id,
        id: to.message_id,
        signal,
      }).catch(() => undefined));
    if (!found) break;
    reply = Message.parse(found);
    chain.unshift(reply);
  }
  return chain;
}
