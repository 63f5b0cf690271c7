import type { Channel } from "../world/channel.ts";
import { hangingOn } from "../world/look-up.ts";
import { MESSAGE, MESSAGE_FLAG, type Message } from "../world/message.ts";
import { timestamp } from "../world/time.ts";
import type { World } from "../world/world.ts";
import { attachmentJson } from "./attachment-json.ts";
import { channelJson } from "./channel-json.ts";
import type { Json } from "./json.ts";
import { memberJson, memberOrNull, userJson, webhookUserJson } from "./user-json.ts";

const channelFor = (world: World, message: Message): Channel | undefined =>
  world.channels.get(message.channelId);

const guildFor = (world: World, message: Message) =>
  world.guilds.get(channelFor(world, message)?.guildId ?? "");

export const authorJson = (world: World, message: Message): Json => {
  if (message.webhook) return webhookUserJson(message.webhook);
  const user = world.users.get(message.authorId);
  return user ? userJson(user) : { id: message.authorId };
};

/** Whether the bot reads this message without the intent for contents: its own, private ones, and those that name it. */
export const isOpenToBot = (world: World, message: Message): boolean => {
  const bot = world.application.user.id;
  const isPrivate = channelFor(world, message)?.guildId === null;
  return isPrivate || message.authorId === bot || message.pings.users.includes(bot);
};

const mentionsJson = (world: World, message: Message, withMembers: boolean): readonly Json[] =>
  message.pings.users.flatMap((id) => {
    const user = world.users.get(id);
    const member = memberOrNull(guildFor(world, message), id);
    if (!user) return [];
    return [{ ...userJson(user), ...(withMembers && member && { member: memberJson(member) }) }];
  });

const reactionsJson = (world: World, message: Message): Json =>
  message.reactions.size === 0
    ? {}
    : {
        reactions: [...message.reactions].map(([name, users]) => ({
          emoji: { id: null, name },
          count: users.size,
          count_details: { burst: 0, normal: users.size },
          burst_colors: [],
          me: users.has(world.application.user.id),
          burst_me: false,
          me_burst: false,
          burst_count: 0,
        })),
      };

const contentJson = (world: World, message: Message, isReadable: boolean): Json =>
  isReadable
    ? {
        content: message.content,
        embeds: message.flags & MESSAGE_FLAG.suppressEmbeds ? [] : message.embeds,
        components: message.components,
        attachments: message.files.map((file) =>
          attachmentJson(world, file, {
            channelId: message.channelId,
            isEphemeral: message.visibleTo !== null,
          }),
        ),
      }
    : { content: "", embeds: [], components: [], attachments: [] };

/** The parts that a message has or has not. */
function optionalJson(world: World, message: Message): Json {
  const { webhook, reference, interaction } = message;
  const { id: application } = world.application;
  return {
    ...reactionsJson(world, message),
    ...(webhook && { webhook_id: webhook.id }),
    ...(interaction && { application_id: application, webhook_id: application }),
    ...(message.nonce !== null && { nonce: message.nonce }),
    ...(reference && {
      message_reference: {
        type: 0,
        message_id: reference.messageId,
        channel_id: reference.channelId,
        ...(reference.guildId !== null && { guild_id: reference.guildId }),
      },
    }),
    ...(interaction && interactionJson(world, interaction)),
  };
}

const interactionJson = (
  world: World,
  { id, type, userId, name }: NonNullable<Message["interaction"]>,
): Json => {
  const user = world.users.get(userId);
  const asker = user ? userJson(user) : { id: userId };
  return {
    interaction_metadata: { id, type, user: asker, authorizing_integration_owners: {} },
    ...(name !== null && { interaction: { id, type, name, user: asker } }),
  };
};

export interface MessageView {
  /** Contents are left out where the bot may not read them. */
  readonly withContent: boolean;
  /** Members beside the users that are mentioned, as the gateway sends them. */
  readonly withMembers?: boolean;
}

/** A message without what it refers to. */
const plainMessageJson = (world: World, message: Message, view: MessageView): Json => ({
  id: message.id,
  channel_id: message.channelId,
  type: message.type,
  author: authorJson(world, message),
  ...contentJson(world, message, view.withContent || isOpenToBot(world, message)),
  mentions: mentionsJson(world, message, view.withMembers ?? false),
  mention_roles: message.pings.roles,
  mention_everyone: message.pings.everyone,
  pinned: false,
  tts: false,
  timestamp: timestamp(message.createdAt),
  edited_timestamp: message.editedAt === null ? null : timestamp(message.editedAt),
  flags: message.flags,
  ...optionalJson(world, message),
});

/** A message as REST gives it. */
export function messageJson(world: World, message: Message, view: MessageView): Json {
  const thread = hangingOn(world, message.id);
  return {
    ...plainMessageJson(world, message, view),
    ...referencedJson(world, message, view),
    ...(thread && { thread: channelJson(world, thread) }),
  };
}

const REFERRING: readonly number[] = [MESSAGE.reply, MESSAGE.threadStarter, MESSAGE.contextCommand];

function referencedJson(world: World, message: Message, view: MessageView): Json {
  const { reference, type } = message;
  if (!reference || !REFERRING.includes(type)) return {};
  const target = world.channels.get(reference.channelId)?.messages.get(reference.messageId);
  return { referenced_message: target ? plainMessageJson(world, target, view) : null };
}

/** A message as MESSAGE_CREATE and MESSAGE_UPDATE carry it. */
export function messageEventJson(world: World, message: Message, withContent: boolean): Json {
  const channel = channelFor(world, message);
  const guild = guildFor(world, message);
  const member = message.webhook ? null : memberOrNull(guild, message.authorId);
  return {
    ...messageJson(world, message, { withContent, withMembers: true }),
    channel_type: channel?.type ?? 0,
    ...(guild && { guild_id: guild.id }),
    ...(member && { member: memberJson(member) }),
  };
}
