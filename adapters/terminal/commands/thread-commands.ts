import type { StoredThread } from "../../../src/adapter-storage.ts";
import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";
import { privately, refused } from "../../../src/commands/run/compose-reply.ts";
import { code } from "../../../src/text/spelling.ts";
import { formatDuration } from "../../../src/progress/format.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import type { Room } from "../room.ts";

/** What the commands about threads work on. */
export interface ThreadPorts {
  readonly room: Room;
  readonly threads: Pick<Threads, "open">;
  /** Milliseconds since the epoch. */
  readonly wallTime: () => number;
  /** Shows the thread that was opened; `whole`: from its start. */
  readonly opened: (extent?: "whole") => Promise<void>;
}

type Opening = Pick<ThreadPorts, "room" | "opened">;

export async function openNew(
  { room, opened }: Opening,
  words: readonly string[],
): Promise<undefined> {
  await room.enter(words.length > 0 ? words.join(" ") : undefined);
  await opened();
}

export async function openOld(
  { room, opened }: Opening,
  words: readonly string[],
): Promise<CommandReply | undefined> {
  const which = words.join(" ");
  if (which === "") {
    await opened("whole");
    return undefined;
  }
  const name = await room.lookUp(which);
  if (name === undefined)
    return refused(`There is no thread "${which}".`, [
      `${code("/threads")} lists them; ${code("/open N")} opens one.`,
    ]);
  await room.enter(name);
  await opened();
  return undefined;
}

export async function listThreads({
  room,
  threads,
  wallTime,
}: Omit<ThreadPorts, "opened">): Promise<CommandReply> {
  const entries = await room.list();
  if (entries.length === 0) return privately("No threads yet", ["Write a message to start one."]);
  const rows = await Promise.all(
    entries.map(async (entry, index) => {
      const here = entry.name === room.name() ? "*" : "";
      const age = `${formatDuration(wallTime() - entry.changedAt)} ago`;
      return [`${index + 1}${here}`, entry.name, ...(await describe(entry, threads)), age];
    }),
  );
  const columns = ["", "Thread", "Starts with", "Messages", "Last"];
  return privately("Threads", [], [{ type: "table", columns, rows }]);
}

const LONGEST_START = 50;

/** How the thread starts, and the number of its messages. */
async function describe(
  { name }: StoredThread,
  threads: Pick<Threads, "open">,
): Promise<readonly [string, string]> {
  const messages = (await threads.open(name)).messages();
  const spoken = messages.filter(({ mark }) => mark?.kind !== "status" && mark?.kind !== "note");
  const start = cleanLine((spoken[0]?.text ?? "").trim().split("\n")[0] ?? "");
  const shown = start.length > LONGEST_START ? `${start.slice(0, LONGEST_START - 1)}…` : start;
  return [shown, String(spoken.length)];
}
