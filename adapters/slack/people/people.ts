import { z } from "zod";
import type { Clock } from "../../../src/clock.ts";
import type { Clients } from "../api/clients.ts";
import { SlackFile } from "../intake/slack-message.ts";
import type { Workspace } from "../workspaces.ts";
import { createLookupCache } from "./lookup-cache.ts";

/** What a workspace knows of a user. */
export interface SlackUser {
  /** As people see it. */
  readonly name: string;
  readonly isBot: boolean;
  /** Admin or owner of the workspace. */
  readonly isAdmin: boolean;
  /** Invited to some channels only. */
  readonly isGuest: boolean;
  /** Of another organisation, by Slack Connect. */
  readonly isExternal: boolean;
}

/** What a workspace's ids stand for. None rejects; undefined: it cannot be found out now. */
export interface People {
  user(workspace: Workspace, id: string): Promise<SlackUser | undefined>;
  /** The channel's name. */
  channel(workspace: Workspace, id: string): Promise<string | undefined>;
  file(workspace: Workspace, id: string): Promise<SlackFile | undefined>;
}

const HOUR_MS = 3_600_000;
const LIFE = { ttlMs: 6 * HOUR_MS, failureMs: 30_000, max: 20_000 };

const word = z.string().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);

const UserAnswer = z.object({
  user: z.object({
    name: word,
    real_name: word,
    team_id: word,
    is_bot: flag,
    is_admin: flag,
    is_owner: flag,
    is_restricted: flag,
    is_ultra_restricted: flag,
    is_stranger: flag,
    profile: z.object({ display_name: word, real_name: word }).optional().catch(undefined),
  }),
});
const FileAnswer = z.object({ file: SlackFile });
const ChannelAnswer = z.object({ channel: z.object({ name: z.string().min(1) }) });

/** Each is asked for once in hours, however many messages name them at once. */
export function createPeople(options: {
  readonly clients: (workspace: Workspace) => Clients;
  readonly clock: Clock;
}): People {
  const workspaces = new Map<string, Workspace>();
  const ask = async <T>(key: string, method: string, argument: string, answer: z.ZodType<T>) => {
    const [team = "", id = ""] = key.split(":");
    const workspace = workspaces.get(team);
    if (!workspace) throw new Error(`No workspace ${team}.`);
    const { reading } = options.clients(workspace);
    return { workspace, id, answer: await reading.call(method, { [argument]: id }, answer) };
  };
  const users = createLookupCache({
    ...LIFE,
    clock: options.clock,
    find: async (key) => toUser(await ask(key, "users.info", "user", UserAnswer)),
  });
  const channels = createLookupCache({
    ...LIFE,
    clock: options.clock,
    find: async (key) =>
      (await ask(key, "conversations.info", "channel", ChannelAnswer)).answer.channel.name,
  });
  const files = createLookupCache({
    ...LIFE,
    clock: options.clock,
    find: async (key) => (await ask(key, "files.info", "file", FileAnswer)).answer.file,
  });
  const keyOf = (workspace: Workspace, id: string): string => {
    workspaces.set(workspace.team, workspace);
    return `${workspace.team}:${id}`;
  };
  return {
    user: (workspace, id) => users(keyOf(workspace, id)),
    channel: (workspace, id) => channels(keyOf(workspace, id)),
    file: (workspace, id) => files(keyOf(workspace, id)),
  };
}

function toUser({
  workspace,
  id,
  answer: { user },
}: {
  workspace: Workspace;
  id: string;
  answer: z.infer<typeof UserAnswer>;
}): SlackUser {
  const names = [user.profile?.display_name, user.profile?.real_name, user.real_name, user.name];
  const isElsewhere = user.team_id !== undefined && user.team_id !== workspace.team;
  return {
    name: names.find((name) => name?.trim()) ?? id,
    isBot: user.is_bot ?? false,
    isAdmin: [user.is_admin, user.is_owner].includes(true),
    isGuest: [user.is_restricted, user.is_ultra_restricted].includes(true),
    // On Enterprise Grid colleagues belong to other workspaces of the same organisation.
    isExternal: user.is_stranger === true || (isElsewhere && workspace.enterprise === undefined),
  };
}
