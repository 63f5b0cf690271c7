import { type Channel, isThread, type Thread } from "../world/channel.ts";
import type { Interaction } from "../world/interaction.ts";
import { channelOf, permissionsIn, userOf } from "../world/look-up.ts";
import { FILE_LIMIT, type Message, type StoredFile } from "../world/message.ts";
import type { World } from "../world/world.ts";
import { attachmentJson } from "./attachment-json.ts";
import { channelJson, threadJson } from "./channel-json.ts";
import { roleJson } from "./guild-json.ts";
import { asJson, type Json } from "./json.ts";
import { messageJson } from "./message-json.ts";
import { fullMemberJson, memberJson, userJson } from "./user-json.ts";

/** INTERACTION_CREATE. */
export function interactionJson(world: World, interaction: Interaction): Json {
  const channel = channelOf(world, interaction.channelId);
  const guild = world.guilds.get(channel.guildId ?? "");
  const user = userOf(world, interaction.userId);
  const bot = world.application.user.id;
  const member = guild?.members.get(user.id);
  const permissions = String(permissionsIn(world, channel, user.id));
  return {
    id: interaction.id,
    application_id: world.application.id,
    type: interaction.type,
    token: interaction.token,
    version: 1,
    channel_id: channel.id,
    channel: {
      ...(isThread(channel) ? readThread(channel, user.id) : channelJson(world, channel)),
      permissions,
    },
    data: interaction.data,
    ...(interaction.message && { message: componentMessage(world, interaction.message) }),
    ...(guild && {
      guild_id: guild.id,
      guild: { id: guild.id, locale: "en-US", features: [] },
      guild_locale: "en-US",
    }),
    ...(member
      ? { member: { ...fullMemberJson(member, user), ...UNDECLARED, permissions } }
      : { user: userJson(user) }),
    app_permissions: String(permissionsIn(world, channel, bot)),
    locale: "en-US",
    attachment_size_limit: FILE_LIMIT,
    authorizing_integration_owners: guild ? { 0: guild.id } : { 1: user.id },
    context: guild ? 0 : 1,
    entitlements: [],
    entitlement_sku_ids: [],
  };
}

/** Sent with members here, and nowhere documented. */
const UNDECLARED = {
  collectibles: null,
  display_name_styles: null,
  unusual_dm_activity_until: null,
};

/** A thread as its reader has it. */
function readThread(thread: Thread, reader: string): Json {
  const json = threadJson(thread, reader);
  const { member } = json;
  return { ...json, ...(member !== undefined && { member: { ...asJson(member), ...NOT_MUTED } }) };
}

const NOT_MUTED = { muted: false, mute_config: null };

const componentMessage = (world: World, message: Message): Json =>
  messageJson(world, message, { withContent: true });

/** What a command's options name. */
export interface Named {
  readonly users: readonly string[];
  readonly channels: readonly string[];
  readonly roles: readonly string[];
  readonly files: readonly StoredFile[];
}

const byId = (key: string, entries: readonly (readonly [string, Json])[]): Json =>
  entries.length > 0 ? { [key]: Object.fromEntries(entries) } : {};

/** The things behind the ids in a command's options. */
export function resolvedJson(world: World, channel: Channel, named: Named): Json {
  const guild = world.guilds.get(channel.guildId ?? "");
  const place = { channelId: channel.id, isEphemeral: true };
  const members = named.users.flatMap((id) => {
    const member = guild?.members.get(id);
    if (!guild || !member) return [];
    const permissions = String(permissionsIn(world, channel, id));
    return [[id, { ...memberJson(member), permissions }] as const];
  });
  const roles = named.roles.flatMap((id) => {
    const role = guild?.roles.get(id);
    return role ? [[id, roleJson(role)] as const] : [];
  });
  return {
    ...byId(
      "users",
      named.users.map((id) => [id, userJson(userOf(world, id))]),
    ),
    ...byId("members", members),
    ...byId("roles", roles),
    ...byId(
      "channels",
      named.channels.map((id) => [id, channelJson(world, channelOf(world, id))]),
    ),
    ...byId(
      "attachments",
      named.files.map((file) => [file.id, attachmentJson(world, file, place)]),
    ),
  };
}
