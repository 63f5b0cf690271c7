import type { Clock } from "../../../src/clock.ts";
import { withTimeout } from "../../../src/timers.ts";
import { idsIn } from "../threads/read-text.ts";
import type { SlackFile, SlackMessage } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";
import type { People, SlackUser } from "./people.ts";

/** What the ids in some messages stand for, as far as Slack answered in time. */
export interface LookedUp {
  readonly users: ReadonlyMap<string, SlackUser>;
  readonly channels: ReadonlyMap<string, string>;
  /** Files of shared channels, whose messages carry the id alone. */
  readonly files: ReadonlyMap<string, SlackFile>;
}

export interface LookUpPorts {
  readonly people: People;
  readonly clock: Clock;
}

/** The most people, and the most channels, that are looked up by name: each takes a call, and Slack allows 50–100 a minute. */
const MOST_NAMED = 50;

/** Looks up each id once, all at the same time. What takes longer than `ms` stays an id. Never rejects. */
export async function lookUp(
  { people, clock }: LookUpPorts,
  workspace: Workspace,
  messages: readonly Pick<SlackMessage, "user" | "text" | "files">[],
  ms: number,
): Promise<LookedUp> {
  const named = messages.map(({ text }) => idsIn(text));
  // Authors come first; of the people whom a text merely names, some may stay ids.
  const users = new Set(messages.flatMap(({ user }) => user ?? []));
  addSome(
    users,
    named.flatMap((ids) => ids.users),
  );
  users.delete(workspace.botUser);
  const channels = new Set<string>();
  addSome(
    channels,
    named.flatMap((ids) => ids.channels),
  );
  const files = messages.flatMap((message) => message.files).filter(isBare);
  const looks = [
    collect(users, (id) => people.user(workspace, id)),
    collect(channels, (id) => people.channel(workspace, id)),
    collect(new Set(files.map(({ id }) => id)), (id) => people.file(workspace, id)),
  ] as const;
  await withTimeout(clock, ms, Promise.all(looks.map(({ done }) => done)));
  return { users: looks[0].found, channels: looks[1].found, files: looks[2].found };
}

function addSome(ids: Set<string>, named: readonly string[]): void {
  const most = ids.size + MOST_NAMED;
  for (const id of named) {
    if (ids.size >= most) return;
    ids.add(id);
  }
}

const isBare = ({ file_access: access }: SlackFile): boolean => access === "check_file_info";

function collect<T>(ids: ReadonlySet<string>, find: (id: string) => Promise<T | undefined>) {
  const found = new Map<string, T>();
  const each = [...ids].map(async (id) => {
    const answer = await find(id);
    if (answer !== undefined) found.set(id, answer);
  });
  return { found, done: Promise.all(each) };
}
