import type { WebSocketOptions } from "discord.js";
import { z } from "zod";

/** What discord.js keeps its picture of servers, channels and roles from. */
const KEPT =
  /^(?:READY|RESUMED|GUILD_(?:CREATE|UPDATE|DELETE|ROLE_\w+|MEMBER_UPDATE)|(?:CHANNEL|THREAD)_(?:CREATE|UPDATE|DELETE)|THREAD_LIST_SYNC)$/;

/** The entries of a list that can be kept. */
const listOf = <T extends z.ZodType>(entry: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((all) => all.flatMap((one) => entry.safeParse(one).data ?? []));

const Known = z.looseObject({ id: z.string() });
const Role = z.looseObject({ id: z.string(), permissions: z.string().regex(/^\d+$/).catch("0") });
const RoleEvent = z.looseObject({ guild_id: z.string(), role: Role });

const COMPLETE: Readonly<Partial<Record<string, z.ZodType>>> = {
  READY: z
    .looseObject({ user: Known, guilds: listOf(Known) })
    .transform((ready) => ({ application: { id: ready.user.id }, ...ready })),
  GUILD_CREATE: z.looseObject({
    channels: listOf(Known),
    threads: listOf(Known),
    roles: listOf(Role),
    members: listOf(z.looseObject({ user: Known })),
  }),
  GUILD_ROLE_CREATE: RoleEvent,
  GUILD_ROLE_UPDATE: RoleEvent,
};

/** The library below discord.js, which holds the connections. */
type Sockets = Parameters<NonNullable<WebSocketOptions["buildStrategy"]>>[0];

/**
 * Shows discord.js only what it keeps, with the lists that it counts on. It makes an object of everything else too, and throws where a
 * server leaves a field out (`entitlements` of an interaction): that would end the process. `other` gets what is held back from it.
 */
export function siftEvents(
  sockets: Sockets,
  other: (packet: unknown, shard: number) => void,
): void {
  // Heard before discord.js, which is given the same object.
  sockets.on("dispatch", (event) => {
    const { t: name, d: data } = event.data;
    const complete = COMPLETE[name]?.safeParse(data);
    if (complete?.success) Object.assign(event, { data: { ...event.data, d: complete.data } });
    if (KEPT.test(name) && complete?.success !== false) return;
    other(event.data, event.shardId);
    Object.assign(event, { data: { op: 0, s: event.data.s, t: null, d: null } });
  });
}
