import { z } from "zod";
import { fullMemberJson } from "../wire/user-json.ts";
import type { Json } from "../wire/json.ts";
import type { Guild } from "../world/guild.ts";
import type { World } from "../world/world.ts";
import { hasMembers, type Session, tell } from "./session.ts";

const RequestMembers = z.looseObject({
  guild_id: z.string(),
  query: z.string().optional(),
  limit: z.int().default(0),
  user_ids: z.union([z.string(), z.array(z.string())]).optional(),
  nonce: z.string().max(32).optional(),
});

type Request = z.infer<typeof RequestMembers>;

/** Answers a request for a guild's members; all of them only with the intent for members. */
export function tellMembers(world: World, session: Session, data: unknown): void {
  const request = RequestMembers.safeParse(data).data;
  const guild = request && world.guilds.get(request.guild_id);
  if (!guild) return;
  const ids = request.user_ids === undefined ? undefined : [request.user_ids].flat();
  if (!ids && !request.query && !hasMembers(session)) return;
  tell(session, "GUILD_MEMBERS_CHUNK", {
    guild_id: guild.id,
    members: found(world, guild, request, ids),
    not_found: (ids ?? []).filter((id) => !guild.members.has(id)),
    chunk_index: 0,
    chunk_count: 1,
    ...(request.nonce !== undefined && { nonce: request.nonce }),
  });
}

function found(
  world: World,
  guild: Guild,
  { query = "", limit }: Request,
  ids: readonly string[] | undefined,
): readonly Json[] {
  const members = [...guild.members.values()].flatMap((member) => {
    const user = world.users.get(member.userId);
    if (!user || (ids && !ids.includes(user.id))) return [];
    return user.username.startsWith(query) ? [fullMemberJson(member, user)] : [];
  });
  return limit > 0 ? members.slice(0, limit) : members;
}
