import { z } from "zod";
import { parseForm } from "../forms/parse-form.ts";
import { type Call, param, type Route } from "../rest/call.ts";
import { threadJson, threadMemberJson } from "../wire/channel-json.ts";
import type { Json } from "../wire/json.ts";
import { CHANNEL, type Thread } from "../world/channel.ts";
import { canSee, channelOf, guildOf, threadOf, threadsOf } from "../world/look-up.ts";
import { require, requireAwake } from "../world/permit.ts";
import { byAge } from "../world/snowflakes.ts";
import { joinThread, leaveThread } from "../world/thread-life.ts";
import type { World } from "../world/world.ts";

const Page = z.object({
  limit: z.coerce.number().int().min(2).max(100).default(50),
  before: z.string().optional(),
});

export function threadListEndpoints(world: World): readonly Route[] {
  const bot = world.application.user.id;
  const show = (threads: readonly Thread[], hasMore?: boolean): Json => ({
    threads: threads.map((thread) => threadJson(thread, bot)),
    members: threads.flatMap(({ id, thread }) => {
      const membership = thread.members.get(bot);
      return membership ? [threadMemberJson(id, bot, membership.joinedAt)] : [];
    }),
    ...(hasMore !== undefined && { has_more: hasMore }),
  });
  const archived = (call: Call, isPrivate: boolean, isJoined: boolean): Json => {
    const channel = channelOf(world, param(call, "channel"));
    const needed = isPrivate && !isJoined ? (["MANAGE_THREADS"] as const) : [];
    require({ world, channel, userId: bot }, "READ_MESSAGE_HISTORY", ...needed);
    const { limit, before } = parseForm(Page, Object.fromEntries(call.query));
    const found = threadsOf(world, channel.id)
      .filter(
        ({ thread, type }) => thread.archived && (type === CHANNEL.privateThread) === isPrivate,
      )
      .filter(({ thread }) => !isJoined || thread.members.has(bot))
      .filter((thread) => isBefore(thread, before, isJoined))
      .toSorted((a, b) => (isJoined ? byAge(b.id, a.id) : changed(b) - changed(a)));
    return show(found.slice(0, limit), found.length > limit);
  };
  return [
    {
      pattern: "GET /guilds/:guild/threads/active",
      run(call) {
        const guild = guildOf(world, param(call, "guild"));
        const visible = threadsOf(world, guild.id).filter(
          (channel) => !channel.thread.archived && canSee(world, channel, bot),
        );
        return show(visible.toSorted((a, b) => byAge(b.id, a.id)));
      },
    },
    {
      pattern: "GET /channels/:channel/threads/archived/public",
      run: (call) => archived(call, false, false),
    },
    {
      pattern: "GET /channels/:channel/threads/archived/private",
      run: (call) => archived(call, true, false),
    },
    {
      pattern: "GET /channels/:channel/users/@me/threads/archived/private",
      run: (call) => archived(call, true, true),
    },
    ...memberEndpoints(world),
  ];
}

const changed = ({ thread }: Thread): number => thread.archiveChangedAt;

/** Pages go by the time of archiving; those of joined private threads by id. */
const isBefore = (thread: Thread, before: string | undefined, byId: boolean): boolean => {
  if (before === undefined) return true;
  return byId ? byAge(thread.id, before) < 0 : changed(thread) < Date.parse(before);
};

function memberEndpoints(world: World): readonly Route[] {
  const bot = world.application.user.id;
  const find = (call: Call) => {
    const thread = threadOf(world, param(call, "channel"));
    require({ world, channel: thread, userId: bot });
    const user = param(call, "user");
    return { thread, user: user === "@me" ? bot : user };
  };
  const path = "/channels/:channel/thread-members";
  return [
    {
      pattern: `GET ${path}`,
      run(call) {
        const { id, thread } = threadOf(world, param(call, "channel"));
        return [...thread.members].map(([user, { joinedAt }]) =>
          threadMemberJson(id, user, joinedAt),
        );
      },
    },
    {
      pattern: `PUT ${path}/:user`,
      run(call) {
        const { thread, user } = find(call);
        requireAwake(thread);
        joinThread(world, thread, [user]);
        return undefined;
      },
    },
    {
      pattern: `DELETE ${path}/:user`,
      run(call) {
        const { thread, user } = find(call);
        requireAwake(thread);
        leaveThread(world, thread, user);
        return undefined;
      },
    },
  ];
}
