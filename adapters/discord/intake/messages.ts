import { Routes } from "discord.js";
import { z } from "zod";
import type { Api } from "../api/api.ts";
import type { GatewayEvent } from "../gateway/listen.ts";
import { Message } from "../wire/message.ts";
import type { Heard, Seen } from "../backfill/checkpoints.ts";
import { type IntakePorts, tryAgain } from "./intake-ports.ts";
import { isTransient } from "../../../src/adapter-kit/queue/retry.ts";
import type { Addressed, IncomingMessage } from "../../../src/platform.ts";
import { opensInVain } from "../guilds/permissions.ts";
import { addressedOf, type Where } from "../parse/addressed.ts";
import { parseAsked } from "../render/small-print.ts";
import { isSaid, type MessageReader, readMessage } from "../parse/read-message.ts";
import { conversationOf, type DiscordPlace } from "../ids.ts";
import { type Channel, placeIn } from "../threads/channels.ts";
import { threadName } from "../render/lines.ts";
import { isForum, isThread, takesThreads } from "../wire/channel.ts";
import { formatRefusal, isRefusal, isShutOut, tell, whatIsMissing } from "./refusals.ts";

const Named = z.object({ id: z.string(), channel_id: z.string() });

/** A message of an event; asked for where a server sends only what changed. */
export async function readEvent(api: Api, data: unknown): Promise<Message> {
  const whole = Message.safeParse(data);
  if (whole.success) return whole.data;
  const { id, channel_id: channel } = Named.parse(data);
  const route = Routes.channelMessage(channel, id);
  return api.call({ method: "GET", route, what: "reading a message" }, Message);
}

/** MESSAGE_CREATE, in the order of its channel. */
export const createMessageTaker =
  (ports: IntakePorts & { readonly seen: Seen; readonly heard: Heard }) =>
  async ({ data, shard }: Pick<GatewayEvent, "data" | "shard">): Promise<void> => {
    const message = await readEvent(ports.api, data);
    const self = await ports.identity();
    // Parley's own: a question asked with `/ask` is taken on by the command itself.
    if (message.author.id === self) return ports.heard.note(message, shard);
    await ports.queue.run(message.channel_id, () =>
      tryAgain(ports.clock, () => takeMessage(ports, message)),
    );
    ports.seen.note(message, shard);
    ports.heard.note(message, shard);
  };

/** Hands on a message that may be for Parley, in the conversation it belongs to. Rejects when it could not be stored, or Discord could not be asked. */
export async function takeMessage(ports: IntakePorts, message: Message): Promise<void> {
  const channel = await ports.channels.of(message);
  const reader = await ports.readers(channel.guild_id ?? undefined);
  if (!isFromPerson(message, reader.self)) return;
  const addressed = await addressedIn(ports, message, channel, reader);
  if (addressed === "none") return;
  const place = await placeFor(ports, message, channel, { addressed, reader });
  if (!place) return;
  const taken = incoming(ports, message, { place, addressed, reader });
  // The message that a thread hangs on may be another process's, or lost with it.
  const mayOvertake = isThread(channel.type) && message.id !== channel.id;
  await ports.intake.message({ ...taken, mayOvertake });
}

/** Not of bots and webhooks; Parley's own only where it carries somebody's question. */
const isFromPerson = (message: Message, self: string): boolean =>
  isSaid(message) &&
  !message.webhook_id &&
  (message.author.id === self ? parseAsked(message) !== undefined : !message.author.bot);

/** The message as the core takes it. */
export function incoming(
  ports: Pick<IntakePorts, "standingOf">,
  message: Message,
  about: { place: DiscordPlace; addressed: Addressed; reader: MessageReader },
): IncomingMessage {
  const read = readMessage(message, about.reader);
  const { guild } = about.place;
  const roles = message.member?.roles ?? [];
  const { level, groups } = ports.standingOf({ id: read.author.id, guild, roles });
  const conversation = conversationOf(about.place);
  return { ...read, conversation, addressed: about.addressed, level, groups };
}

async function addressedIn(
  ports: IntakePorts,
  message: Message,
  channel: Channel,
  reader: MessageReader,
): Promise<Addressed> {
  if (message.author.id === reader.self) return "mention";
  const addressed = addressedOf(message, await whereIs(ports, message, channel), reader);
  if (addressed !== "channel") return addressed;
  // Opening a thread for a message that is not answered would be a nuisance.
  const { guild, channel: parent } = placeIn(channel);
  const place = { platform: "discord", space: guild ?? "", channel: parent, thread: "" };
  const { mode } = await ports.listening.resolve(place);
  return mode === "always" ? addressed : "none";
}

/** The message that a forum post begins with is like one of a channel: nobody has been asked yet. */
async function whereIs(ports: IntakePorts, message: Message, channel: Channel): Promise<Where> {
  if (!channel.guild_id) return "direct";
  if (!isThread(channel.type)) return "channel";
  if (message.id !== channel.id || !channel.parent_id) return "thread";
  const parent = await ports.channels.of({ ...message, channel_id: channel.parent_id });
  return isForum(parent.type) ? "channel" : "thread";
}

/** Where it is answered; undefined: nowhere, and the person was told why. */
async function placeFor(
  ports: IntakePorts,
  message: Message,
  channel: Channel,
  { addressed, reader }: { addressed: Addressed; reader: MessageReader },
): Promise<DiscordPlace | undefined> {
  if (addressed === "direct") return placeIn({ ...channel, guild_id: null });
  const opens = takesThreads(channel.type);
  const inside = isThread(channel.type) ? "thread" : "channel";
  const missing = whatIsMissing(ports, channel.id, opens ? "new thread" : inside);
  if (missing !== undefined && opens && opensInVain(ports.guilds.permissionsIn(channel.id) ?? 0n))
    return refuse(ports, message, addressed, missing);
  return tryPlace(ports, message, channel, { addressed, reader, missing });
}

/** `missing`: what it seems to lack there, which is a guess where a server leaves roles out. */
async function tryPlace(
  ports: IntakePorts,
  message: Message,
  channel: Channel,
  about: { addressed: Addressed; reader: MessageReader; missing: string | undefined },
): Promise<DiscordPlace | undefined> {
  const { addressed, reader, missing } = about;
  try {
    const place = takesThreads(channel.type)
      ? await openFor(ports, message, channel, reader)
      : placeIn(channel);
    // Before a team works for nothing.
    if (missing !== undefined && (await isShutOut(ports, place.thread)))
      return refuse(ports, message, addressed, missing);
    return place;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return refuse(ports, message, addressed, formatRefusal(ports, error, message));
  }
}

/** A thread for the message; where it cannot be known whether there is one around it, that. */
async function openFor(
  ports: IntakePorts,
  message: Message,
  channel: Channel,
  reader: MessageReader,
): Promise<DiscordPlace> {
  const { text, author } = readMessage(message, reader);
  try {
    const thread = await ports.threads.open(message, threadName(text, author.name));
    return { ...placeIn({ ...thread, guild_id: channel.guild_id }), channel: channel.id };
  } catch (error) {
    if (channel.isGuess && !isRefusal(error) && !isTransient(error)) return placeIn(channel);
    throw error;
  }
}

/** Only somebody who asked is told: not everybody who talks where Parley listens. */
async function refuse(
  ports: IntakePorts,
  message: Message,
  addressed: Addressed,
  why: string,
): Promise<undefined> {
  if (addressed === "mention") await tell(ports, message, why).catch(ports.onProblem);
  return undefined;
}
