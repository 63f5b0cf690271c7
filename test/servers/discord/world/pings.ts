import { z } from "zod";
import type { Channel } from "./channel.ts";
import { permissionsIn } from "./look-up.ts";
import type { Pings } from "./message.ts";
import { PERMISSION } from "./permissions.ts";
import type { World } from "./world.ts";

const Ids = z.array(z.string()).nullish();

/** `allowed_mentions` of a message. */
export const AllowedMentions = z.looseObject({
  parse: z.array(z.string()).nullish(),
  users: Ids,
  roles: Ids,
  replied_user: z.boolean().nullish(),
});
export type AllowedMentions = z.infer<typeof AllowedMentions>;

export interface Spoken {
  readonly content: string;
  readonly authorId: string;
  readonly allowed: AllowedMentions | undefined;
  /** Author of the message that is replied to. */
  readonly repliedTo: string | undefined;
}

/** Nothing in code rings. */
const withoutCode = (content: string): string =>
  content.replaceAll(/```[\s\S]*?```/g, "").replaceAll(/`[^`\n]*`/g, "");

const idsIn = (content: string, token: RegExp): string[] =>
  [...content.matchAll(token)].flatMap(([, id]) => id ?? []);

/** What of one kind may ring: all, or those listed. */
function allowedOf(
  found: readonly string[],
  allowed: AllowedMentions | undefined,
  kind: "users" | "roles",
): readonly string[] {
  if (!allowed || allowed.parse?.includes(kind)) return found;
  return found.filter((id) => allowed[kind]?.includes(id));
}

/** Whom a message rings for. */
export function pingsOf(world: World, channel: Channel, conversationText: Spoken): Pings {
  const { allowed, authorId, repliedTo } = conversationText;
  const text = withoutCode(conversationText.content);
  const guild = world.guilds.get(channel.guildId ?? "");
  const mayAll = permissionsIn(world, channel, authorId) & PERMISSION.MENTION_EVERYONE;
  const users = idsIn(text, /<@!?(\d{17,19})>/g).filter((id) => world.users.has(id));
  const roles = idsIn(text, /<@&(\d{17,19})>/g).filter((id) => {
    const role = guild?.roles.get(id);
    return role !== undefined && (role.mentionable || Boolean(mayAll));
  });
  const ringsAll = /@(everyone|here)/.test(text) && guild !== undefined && Boolean(mayAll);
  const ringsReplied = repliedTo !== undefined && (allowed ? allowed.replied_user : true);
  return {
    everyone: ringsAll && (!allowed || Boolean(allowed.parse?.includes("everyone"))),
    users: [
      ...new Set([...allowedOf(users, allowed, "users"), ...(ringsReplied ? [repliedTo] : [])]),
    ],
    roles: [...new Set(allowedOf(roles, allowed, "roles"))],
  };
}
