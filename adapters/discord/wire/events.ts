import { z } from "zod";
import { Message, User } from "./message.ts";

/** A packet of the gateway. RESUMED has no data; that of every other dispatch is an object. */
export const Packet = z.object({
  t: z.string().nullish(),
  s: z.number().nullish(),
  d: z.unknown(),
});

/** READY. */
export const Ready = z.object({ session_id: z.string() });

/** The server of any event. */
export const InGuild = z.object({ guild_id: z.string().nullish().catch(undefined) });

/** MESSAGE_UPDATE of a server that sends only what changed. */
export const MessageRef = Message.pick({ id: true, channel_id: true });

/** MESSAGE_DELETE and MESSAGE_DELETE_BULK. */
export const DeletedMessages = z.object({
  id: z.string().optional(),
  ids: z.array(z.string()).default([]),
  channel_id: z.string(),
});

/** THREAD_DELETE. */
export const DeletedThread = z.object({
  id: z.string(),
  guild_id: z.string().nullish(),
  parent_id: z.string().nullish(),
});

/** MESSAGE_REACTION_ADD. */
export const Reaction = z.object({
  user_id: z.string(),
  channel_id: z.string(),
  message_id: z.string(),
  guild_id: z.string().nullish(),
  member: z
    .object({ user: User.nullish(), roles: z.array(z.string()).default([]) })
    .nullish()
    .catch(null),
  emoji: z.object({ name: z.string().nullish() }),
});
export type Reaction = z.infer<typeof Reaction>;

/** A list without the entries that cannot be read. */
const listOf = <T extends z.ZodType>(entry: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((all) => all.flatMap((one) => entry.safeParse(one).data ?? []));

const WithId = z.looseObject({ id: z.string() });
const Role = z.looseObject({ id: z.string(), permissions: z.string().regex(/^\d+$/).catch("0") });
const RoleEvent = z.looseObject({ guild_id: z.string(), role: Role });

/** Dispatches that discord.js reads without checking, with the lists it expects. */
export const CACHED_DISPATCHES: Readonly<Partial<Record<string, z.ZodType>>> = {
  READY: z
    .looseObject({ user: WithId, guilds: listOf(WithId) })
    .transform((ready) => ({ application: { id: ready.user.id }, ...ready })),
  GUILD_CREATE: z.looseObject({
    channels: listOf(WithId),
    threads: listOf(WithId),
    roles: listOf(Role),
    members: listOf(z.looseObject({ user: WithId })),
  }),
  GUILD_ROLE_CREATE: RoleEvent,
  GUILD_ROLE_UPDATE: RoleEvent,
};
