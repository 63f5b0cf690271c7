import { isTransient } from "../../../src/adapter-kit/queue/retry.ts";
import type { Addressed } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { Guilds } from "../guilds/guilds.ts";
import { destinationIn, lacksOnlyThreadPosts } from "../guilds/permissions.ts";
import type { DiscordPlace } from "../ids.ts";
import { type MessageReader, readMessage } from "../parse/read-message.ts";
import { threadName } from "../render/lines.ts";
import { type Channel, placeOfChannel } from "../threads/channels.ts";
import type { Threads } from "../threads/open-thread.ts";
import { supportsThreads } from "../wire/channel.ts";
import type { Message } from "../wire/message.ts";
import {
  cannotPost,
  describeMissing,
  formatRefusal,
  isRefusal,
  notifyRefusal,
} from "./refusals.ts";

interface DestinationPorts {
  readonly api: Api;
  readonly guilds: Pick<Guilds, "permissionsIn">;
  readonly threads: Pick<Threads, "open">;
  readonly onProblem: (problem: unknown) => void;
}

interface Question {
  readonly message: Message;
  readonly channel: Channel;
  readonly addressed: Addressed;
  readonly reader: MessageReader;
}

/** Where Parley answers a message; undefined: it cannot, and has said why. */
export type FindDestination = (question: Question) => Promise<DiscordPlace | undefined>;

export const createFindDestination =
  (ports: DestinationPorts): FindDestination =>
  async (question) => {
    const { channel, addressed } = question;
    if (addressed === "direct") return placeOfChannel({ ...channel, guild_id: null });
    const destination = destinationIn(channel);
    const missing = describeMissing(ports.guilds, channel.id, destination);
    const permissions = ports.guilds.permissionsIn(channel.id) ?? 0n;
    if (missing !== undefined && destination === "new thread" && lacksOnlyThreadPosts(permissions))
      return refuse(ports, question, missing);
    return tryPlace(ports, question, missing);
  };

/** `missing`: the permissions that seem to be missing, which may be wrong on a server that sends no roles. */
async function tryPlace(
  ports: DestinationPorts,
  question: Question,
  missing: string | undefined,
): Promise<DiscordPlace | undefined> {
  const { message, channel } = question;
  try {
    const place = supportsThreads(channel.type)
      ? await openThread(ports.threads, question)
      : placeOfChannel(channel);
    // Ask before a team works in vain.
    if (missing !== undefined && (await cannotPost(ports.api, place.thread)))
      return refuse(ports, question, missing);
    return place;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return refuse(ports, question, formatRefusal(ports.guilds, error, message.channel_id));
  }
}

/** Opens a thread on the message. If the channel's type is unknown and that fails, the channel itself. */
async function openThread(
  threads: Pick<Threads, "open">,
  { message, channel, reader }: Question,
): Promise<DiscordPlace> {
  const { text, author } = readMessage(message, reader);
  try {
    const thread = await threads.open(message, threadName(text, author.name));
    return { ...placeOfChannel({ ...thread, guild_id: channel.guild_id }), channel: channel.id };
  } catch (error) {
    if (channel.isGuess && !isRefusal(error) && !isTransient(error)) return placeOfChannel(channel);
    throw error;
  }
}

/** Notifies only people who mentioned Parley, not everyone who writes where it listens. */
async function refuse(
  { api, onProblem }: Pick<DestinationPorts, "api" | "onProblem">,
  { message, addressed }: Question,
  why: string,
): Promise<undefined> {
  if (addressed === "mention") await notifyRefusal(api, message, why).catch(onProblem);
  return undefined;
}
