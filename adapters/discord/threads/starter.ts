import { Routes } from "discord.js";
import type { Api } from "../api/api.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { DiscordPlace } from "../ids.ts";
import { Message, MESSAGE_TYPES } from "../wire/message.ts";

/** How far a chain of replies is followed before the message that a thread hangs on. */
const LONGEST_CHAIN = 10;

interface Chain {
  /** Oldest first, the thread's first message last. */
  readonly messages: readonly Message[];
  /** False: Discord would not show all of it. */
  readonly complete: boolean;
}

interface Looking {
  /** The thread's own oldest message. */
  readonly oldest: Message | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The message that a thread hangs on, which stands in the channel. Rejects with a `PlatformError` when there is none, too. */
export async function findStarter(
  api: Api,
  { channel, thread }: DiscordPlace,
  { oldest, signal }: Looking,
): Promise<Message> {
  const linked = oldest?.type === MESSAGE_TYPES.threadStarter;
  const carried = linked ? oldest.referenced_message : null;
  const id = (linked && oldest.message_reference?.message_id) || thread;
  return carried ? Message.parse(carried) : readOne(api, { channel, id, signal });
}

/** The message that a thread hangs on, and the replies that led to it. */
export async function readStarter(
  api: Api,
  place: DiscordPlace,
  { oldest, signal }: Looking,
): Promise<Chain> {
  try {
    const starter = await findStarter(api, place, { oldest, signal });
    return { messages: await chainOf(api, starter, signal), complete: true };
  } catch (error) {
    signal?.throwIfAborted();
    // A thread that was opened without a message has none; a deleted one is gone for everybody.
    return { messages: [], complete: error instanceof PlatformError && error.outcome === "gone" };
  }
}

/** A message and those that it replies to. A chain that cannot be followed ends there. */
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
      (await readOne(api, {
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

const readOne = (
  api: Api,
  { channel, id, signal }: { channel: string; id: string; signal?: AbortSignal | undefined },
): Promise<Message> =>
  api.call(
    {
      method: "GET",
      route: Routes.channelMessage(channel, id),
      what: "reading the message that a thread hangs on",
      signal,
    },
    Message,
  );
