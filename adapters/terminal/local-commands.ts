import type { CommandReply, ReplyBlock } from "../../src/reply.ts";
import { formatDuration } from "../../src/progress/format.ts";
import { messageOf } from "./local-person.ts";
import type { LocalPerson } from "./local-person.ts";
import type { Room } from "./room.ts";
import { formatBytes } from "../../src/adapter-kit/own-threads/attachments.ts";
import type { Threads } from "../../src/adapter-kit/own-threads/threads.ts";
import type { StoredThread } from "../../src/adapter-storage.ts";

export interface LocalCommandDeps {
  readonly room: Room;
  readonly threads: Threads;
  readonly person: LocalPerson;
  readonly wallTime: () => number;
  /** Shows the thread that was opened. */
  opened(): Promise<void>;
  quit(): void;
}

/** Runs a command, without its slash: one of the terminal's own, or else a shared command. undefined: it has no reply. */
export async function runCommand(
  text: string,
  deps: LocalCommandDeps,
): Promise<CommandReply | undefined> {
  const [name = "", ...words] = splitWords(text);
  const local = LOCAL[name];
  if (!local) return deps.person.command(deps.room.name(), text);
  try {
    return await local(words, deps);
  } catch (error) {
    return reply(`/${name} failed`, [messageOf(error)], false);
  }
}

type Local = (
  words: readonly string[],
  deps: LocalCommandDeps,
) => CommandReply | undefined | Promise<CommandReply | undefined>;

const LOCAL: Readonly<Record<string, Local | undefined>> = {
  help: helpAll,
  new: openNew,
  threads: listThreads,
  open: openOld,
  attach: attachFiles,
  quit: leave,
  exit: leave,
};

const HELP: readonly (readonly [string, string])[] = [
  ["/new [NAME]", "start a new thread"],
  ["/threads", "list the threads"],
  ["/open N", "open a thread by its number or name"],
  ["/attach FILE …", "send files or images with your next message"],
  ["/quit", "quit; the threads are kept"],
];

/** Whether a line is a command. "/usr/bin is where?" is a message, and so is "/ask QUESTION". */
export const isCommand = (text: string): boolean => /^\/(?!ask\s)[a-z][\w-]*(?=\s|$)/i.test(text);

/** The message in a line that is not a command. "//" escapes a slash; "/ask" becomes the text command "!ask". */
export const messageText = (line: string): string =>
  line.replace(/^\/\//, "/").replace(/^\/(?=ask\s)/i, "!");

/** Whether the command is one of the terminal's own; `text` is without the slash. */
export const isLocal = (text: string): boolean => LOCAL[splitWords(text)[0] ?? ""] !== undefined;

/** The names of the terminal's own commands. */
export const localCommandNames = (): readonly string[] => Object.keys(LOCAL);

async function helpAll(words: readonly string[], deps: LocalCommandDeps): Promise<CommandReply> {
  const shared = await deps.person.command(deps.room.name(), ["help", ...words].join(" "));
  if (words.length > 0) return shared;
  const table: ReplyBlock = { type: "table", columns: ["In the terminal", ""], rows: HELP };
  return { ...shared, blocks: [...shared.blocks, table] };
}

async function openNew(words: readonly string[], deps: LocalCommandDeps): Promise<undefined> {
  await deps.room.enter(words.length > 0 ? words.join(" ") : undefined);
  await deps.opened();
}

async function openOld(
  words: readonly string[],
  deps: LocalCommandDeps,
): Promise<CommandReply | undefined> {
  const which = words.join(" ");
  const name = which === "" ? undefined : await deps.room.lookUp(which);
  if (name === undefined) {
    const what = which === "" ? "Which thread?" : `There is no thread "${which}".`;
    return reply(what, ["`/threads` lists them; `/open N` opens one."], false);
  }
  await deps.room.enter(name);
  await deps.opened();
  return undefined;
}

function leave(_words: readonly string[], deps: LocalCommandDeps): undefined {
  deps.quit();
}

async function listThreads(
  _words: readonly string[],
  deps: LocalCommandDeps,
): Promise<CommandReply> {
  const entries = await deps.room.list();
  if (entries.length === 0) return reply("No threads yet", ["Write a message to start one."], true);
  const rows = await Promise.all(entries.map((entry, index) => threadRow(entry, index, deps)));
  const columns = ["", "Thread", "Starts with", "Messages", "Last"];
  return { ...reply("Threads", [], true), blocks: [{ type: "table", columns, rows }] };
}

async function threadRow(entry: StoredThread, index: number, deps: LocalCommandDeps) {
  const messages = (await deps.threads.open(entry.name)).messages();
  const spoken = messages.filter(({ mark }) => mark?.kind !== "status" && mark?.kind !== "note");
  const begin = spoken[0]?.text.trim().split("\n")[0] ?? "";
  const here = entry.name === deps.room.name() ? "*" : "";
  return [
    `${index + 1}${here}`,
    entry.name,
    begin.length > 50 ? `${begin.slice(0, 49)}…` : begin,
    String(spoken.length),
    `${formatDuration(deps.wallTime() - entry.changedAt)} ago`,
  ];
}

async function attachFiles(
  words: readonly string[],
  { room }: LocalCommandDeps,
): Promise<CommandReply> {
  for (const path of words) await room.attach(path);
  const files = room.attached();
  if (files.length === 0)
    return reply("Attach what?", ["`/attach FILE` sends a file with your next message."], false);
  const list = files.map(({ name, bytes }) => `- ${name} (${formatBytes(bytes)})`);
  return reply("Will be sent with your next message", list, true);
}

const reply = (title: string, lines: readonly string[], ok: boolean): CommandReply => ({
  title,
  blocks: [{ type: "text", markdown: lines.join("\n") }],
  visibleTo: "asker",
  ok,
});

/** Splits words as a shell does: quotes and backslashes keep spaces. */
function splitWords(text: string): readonly string[] {
  const words = text.matchAll(/"([^"]*)"|'([^']*)'|((?:\\.|[^\s\\])+)/g);
  return Array.from(
    words,
    ([, double, single, bare]) => double ?? single ?? (bare ?? "").replace(/\\(.)/g, "$1"),
  );
}
