import { Routes } from "discord.js";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Api } from "../api/api.ts";
import { codeOf, CODES } from "../api/errors.ts";
import { WithThread } from "../wire/answers.ts";
import { Channel, isThread } from "../wire/channel.ts";
import type { Message } from "../wire/message.ts";
import type { Channels } from "./channels.ts";

type Starter = Pick<Message, "id" | "channel_id" | "thread">;

export interface Threads {
  /** The thread of a message; opens one with that name if there is none. Rejects with a `PlatformError`. */
  open(starter: Starter, name: string): Promise<Channel>;
  /** The known thread of a message. */
  of(starter: string): string | undefined;
}

const MOST = 10_000;
const NOTHING_KNOWN = { thread: null };

/** Threads and the messages they were opened on. On Discord both have the same id; compatible servers give the thread its own. */
export function createThreads(channels: Channels, api: Api): Threads {
  const known = createBoundedMap<string, string>(MOST);

  const create = async ({ id, channel_id: channel }: Starter, name: string): Promise<Channel> => {
    const route = Routes.threads(channel, id);
    const call = { method: "POST", route, what: "opening a thread", body: { name } } as const;
    const opened = await api.call(call, Channel);
    channels.remember({ ...opened, parent_id: opened.parent_id ?? channel });
    return opened;
  };

  /** The thread exists: another delivery of the event, or a person, was faster. */
  const find = async ({ id, channel_id: channel }: Starter): Promise<Channel> => {
    const route = Routes.channelMessage(channel, id);
    const call = { method: "GET", route, what: "looking for the thread of a message" } as const;
    const { thread } = await api.call(call, WithThread).catch(() => NOTHING_KNOWN);
    return channels.get(thread?.id ?? id);
  };

  return {
    async open(starter, name) {
      const id = starter.thread?.id ?? known.get(starter.id);
      const thread = await (id === undefined ? openOrFind(starter, name) : channels.get(id));
      known.set(starter.id, thread.id);
      return { ...thread, parent_id: thread.parent_id ?? starter.channel_id };
    },
    of: (starter) => known.get(starter),
  };

  async function openOrFind(starter: Starter, name: string): Promise<Channel> {
    try {
      return await create(starter, name);
    } catch (error) {
      if (codeOf(error) !== CODES.threadExists) throw error;
      return find(starter);
    }
  }
}

/** Whether a channel is a thread of another channel. */
export const isThreadOf = (thread: Channel | undefined, parent: string): thread is Channel =>
  thread !== undefined && isThread(thread.type) && thread.parent_id === parent;
