import { z } from "zod";
import type { KeyValuesByName } from "../../../src/adapter-storage.ts";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import type { Clients } from "../api/clients.ts";
import { ChannelName, FileInfo, UserInfo } from "../wire/answers.ts";
import type { SlackFile } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";
import { createLookupCache, type Recall, recalling } from "./lookup-cache.ts";

/** What a workspace knows of a user. */
const SlackUser = z.object({
  /** As people see it. */
  name: z.string(),
  isBot: z.boolean(),
  /** Admin or owner of the workspace. */
  isAdmin: z.boolean(),
  /** Invited to some channels only. */
  isGuest: z.boolean(),
  /** Of another organisation, by Slack Connect. */
  isExternal: z.boolean(),
});
export type SlackUser = Readonly<z.infer<typeof SlackUser>>;

/** What the ids of a workspace stand for. Never rejects; undefined: Slack does not answer now. */
export interface People {
  user(workspace: Workspace, id: string): Promise<SlackUser | undefined>;
  /** The channel's name. */
  channel(workspace: Workspace, id: string): Promise<string | undefined>;
  file(workspace: Workspace, id: string): Promise<SlackFile | undefined>;
}

const HOUR_MS = 3_600_000;
const LIFE = { ttlMs: 6 * HOUR_MS, failureMs: 30_000, max: 20_000 };

interface PeopleOptions {
  readonly clients: (workspace: Workspace) => Clients;
  readonly clock: Clock;
  readonly kept?: KeyValuesByName;
  readonly onProblem: (problem: unknown) => void;
}

/** Asks for each once in some hours, however many messages name it. People and channels are remembered across restarts. */
export function createPeople(options: PeopleOptions): People {
  const asking = createAsking(options);
  const recall = (name: string): Recall => ({ ...LIFE, ...options, kept: options.kept?.(name) });
  const findUser = async (key: string) =>
    toUser(await asking.ask(key, "users.info", "user", UserInfo));
  const findChannel = async (key: string) =>
    (await asking.ask(key, "conversations.info", "channel", ChannelName)).answer.channel.name;
  const findFile = async (key: string) =>
    (await asking.ask(key, "files.info", "file", FileInfo)).answer.file;

  const life = { ...LIFE, clock: options.clock };
  const users = createLookupCache({
    ...life,
    find: recalling(SlackUser, findUser, recall("slack users")),
  });
  const channels = createLookupCache({
    ...life,
    find: recalling(z.string(), findChannel, recall("slack channels")),
  });
  const files = createLookupCache({
    ...life,
    find: async (key) => ({ answer: await findFile(key), isOld: false }),
  });
  return {
    user: (workspace, id) => users(asking.keyOf(workspace, id)),
    channel: (workspace, id) => channels(asking.keyOf(workspace, id)),
    file: (workspace, id) => files(asking.keyOf(workspace, id)),
  };
}

/** Calls about one id, by a key that names its workspace too. */
function createAsking({ clients }: PeopleOptions) {
  const workspaces = createBoundedMap<string, Workspace>(LIFE.max);
  return {
    keyOf(workspace: Workspace, id: string): string {
      workspaces.set(workspace.team, workspace);
      return `${workspace.team}:${id}`;
    },
    async ask<T>(key: string, method: string, argument: string, answer: z.ZodType<T>) {
      const [team = "", id = ""] = key.split(":");
      const workspace = workspaces.get(team);
      if (!workspace) throw new Error(`No workspace ${team}.`);
      const { reading } = clients(workspace);
      return { workspace, id, answer: await reading.call(method, { [argument]: id }, answer) };
    },
  };
}

function toUser({
  workspace,
  id,
  answer: { user },
}: {
  workspace: Workspace;
  id: string;
  answer: UserInfo;
}): SlackUser {
  const names = [user.profile?.display_name, user.profile?.real_name, user.real_name, user.name];
  return {
    name: names.find((name) => name?.trim()) ?? id,
    isBot: user.is_bot ?? false,
    isAdmin: [user.is_admin, user.is_owner].includes(true),
    isGuest: [user.is_restricted, user.is_ultra_restricted].includes(true),
    isExternal: isElsewhere(user, workspace),
  };
}

/** On Enterprise Grid, colleagues belong to other workspaces of the same organisation. */
function isElsewhere(
  { team_id: home, is_stranger: isStranger, enterprise_user: of }: UserInfo["user"],
  { team, enterprise, organisation = enterprise }: Workspace,
): boolean {
  const theirs = of?.enterprise_id;
  if (organisation !== undefined && theirs !== undefined) return theirs !== organisation;
  if (isStranger) return true;
  return home !== undefined && home !== team && home !== organisation && enterprise === undefined;
}
