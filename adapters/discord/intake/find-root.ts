import type { Api } from "../api/api.ts";
import { markOf } from "../parse/read-message.ts";
import { placeIn } from "../threads/channels.ts";
import { pagesBack } from "../threads/pages.ts";
import { findStarter } from "../threads/starter.ts";
import type { Channel } from "../wire/channel.ts";
import type { Message } from "../wire/message.ts";
import { isPassing } from "./try-again.ts";

/**
 * The message that a thread hangs on, with its channel and server; undefined: there is none, it may not be seen, or Parley has spoken in the
 * thread and so has seen it. Rejects when Discord could not be asked.
 */
export async function findRoot(
  api: Api,
  thread: Channel & { readonly parent_id: string },
  self: string,
): Promise<Message | undefined> {
  try {
    const said = await lastSaid(api, thread.id);
    if (isAnswered(said, self)) return undefined;
    const oldest = said.at(-1);
    // A forum post begins with a message of its own.
    if (oldest?.id === thread.id) return undefined;
    const root = await findStarter(api, placeIn(thread), { oldest });
    return { ...root, channel_id: thread.parent_id, guild_id: thread.guild_id };
  } catch (error) {
    if (isPassing(error)) throw error;
    return undefined;
  }
}

/** Whether a thread shows that it has been answered in. Rejects when Discord could not be asked. */
export async function isAnsweredIn(api: Api, thread: string, self: string): Promise<boolean> {
  try {
    return isAnswered(await lastSaid(api, thread), self);
  } catch (error) {
    if (isPassing(error)) throw error;
    return false;
  }
}

const isAnswered = (said: readonly Message[], self: string): boolean =>
  said.some((message) => {
    const kind = message.author.id === self ? markOf(message)?.kind : undefined;
    return kind !== undefined && kind !== "note";
  });

async function lastSaid(api: Api, channel: string): Promise<readonly Message[]> {
  const { value: page } = await pagesBack(api, { channel }).next();
  return page ?? [];
}
