import type { CommandReply, ReplyBlock } from "../../src/reply.ts";
import { formatDuration } from "../../src/progress/format.ts";
import { messageOf } from "./local-person.ts";
import type { LocalPerson } from "./local-person.ts";
import type { Room } from "./room.ts";
import { formatBytes } from "../../src/adapter-kit/own-threads/attachments.ts";
import type { Threads } from "../../src/adapter-kit/own-threads/threads.ts";
import type { StoredThread } from "../../src/adapter-storage.ts";

export interface LocalCommandPorts {
  readonly room: Room;
  readonly threads: Threads;
  readonly person: LocalPerson;
  readonly wallTime: () => number;
  /** Shows a thread that has just been opened. */
  opened(): Promise<void>;
  quit(): void;
}

/** The words of a person after the slash; what only the terminal has is done here, the rest is the shared commands'. Undefined: there is nothing to say. */
export async function runCommand(
  text: string,
  ports: LocalCommandPorts,
): Promise<CommandReply | undefined> {
  const [name = "", ...words] = splitWords(text);
  const local = LOCAL[name];
  if (!local) return ports.person.command(ports.room.name(), text);
  try {
    return await local(words, ports);
  } catch (error) {
    return reply(`/${name} failed`, [messageOf(error)], false);
  }
}

type Local = (
  words: readonly string[],
  ports: LocalCommandPorts,
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
  ["/attach FILE …", "send files or images with the next message"],
  ["/quit", "leave; the threads stay"],
];

/** Whether a line is a command: "/usr/bin is where?" is a message, and so is a question asked by "/ask". */
export const isCommand = (text: string): boolean => /^\/(?!ask\s)[a-z][\w-]*(?=\s|$)/i.test(text);

/** What a line that is no command says: "//" begins a message with one slash; "/ask" stands in the thread as the question it asks. */
export const messageText = (line: string): string =>
  line.replace(/^\/\//, "/").replace(/^\/(?=ask\s)/i, "!");

/** Whether the command is one of the terminal's own; `text` is without the slash. */
export const isLocal = (text: string): boolean => LOCAL[splitWords(text)[0] ?? ""] !== undefined;

/** The terminal's own commands, for completion. */
export const localCommandNames = (): readonly string[] => Object.keys(LOCAL);

async function helpAll(words: readonly string[], ports: LocalCommandPorts): Promise<CommandReply> {
  const shared = await ports.person.command(ports.room.name(), ["help", ...words].join(" "));
  if (words.length > 0) return shared;
  const table: ReplyBlock = { type: "table", columns: ["In the terminal", ""], rows: HELP };
  return { ...shared, blocks: [...shared.blocks, table] };
}

async function openNew(words: readonly string[], ports: LocalCommandPorts): Promise<undefined> {
  await ports.room.enter(words.length > 0 ? words.join(" ") : undefined);
  await ports.opened();
}

async function openOld(
  words: readonly string[],
  ports: LocalCommandPorts,
): Promise<CommandReply | undefined> {
  const which = words.join(" ");
  const name = which === "" ? undefined : await ports.room.lookUp(which);
  if (name === undefined) {
    const what = which === "" ? "Which thread?" : `There is no thread "${which}".`;
    return reply(what, ["`/threads` lists them; `/open N` opens one."], false);
  }
  await ports.room.enter(name);
  await ports.opened();
  return undefined;
}

function leave(_words: readonly string[], ports: LocalCommandPorts): undefined {
  ports.quit();
}

async function listThreads(
  _words: readonly string[],
  ports: LocalCommandPorts,
): Promise<CommandReply> {
  const entries = await ports.room.list();
  if (entries.length === 0) return reply("No threads yet", ["Write a message to begin one."], true);
  const rows = await Promise.all(entries.map((entry, index) => threadRow(entry, index, ports)));
  const columns = ["", "Thread", "Begins with", "Messages", "Last"];
  return { ...reply("Threads", [], true), blocks: [{ type: "table", columns, rows }] };
}

async function threadRow(entry: StoredThread, index: number, ports: LocalCommandPorts) {
  const messages = (await ports.threads.open(entry.name)).messages();
  const spoken = messages.filter(({ mark }) => mark?.kind !== "status" && mark?.kind !== "note");
  const begin = spoken[0]?.text.trim().split("\n")[0] ?? "";
  const here = entry.name === ports.room.name() ? "*" : "";
  return [
    `${index + 1}${here}`,
    entry.name,
    begin.length > 50 ? `${begin.slice(0, 49)}…` : begin,
    String(spoken.length),
    `${formatDuration(ports.wallTime() - entry.changedAt)} ago`,
  ];
}

async function attachFiles(
  words: readonly string[],
  { room }: LocalCommandPorts,
): Promise<CommandReply> {
  for (const path of words) await room.attach(path);
  const files = room.attached();
  if (files.length === 0)
    return reply("Attach what?", ["`/attach FILE` sends a file with the next message."], false);
  const list = files.map(({ name, bytes }) => `- ${name} (${formatBytes(bytes)})`);
  return reply("Goes with the next message", list, true);
}

const reply = (title: string, lines: readonly string[], ok: boolean): CommandReply => ({
  title,
  blocks: [{ type: "text", markdown: lines.join("\n") }],
  visibleTo: "asker",
  ok,
});

/** Words as a shell reads them: quotes and backslashes keep spaces. */
function splitWords(text: string): readonly string[] {
  const words = text.matchAll(/"([^"]*)"|'([^']*)'|((?:\\.|[^\s\\])+)/g);
  return Array.from(
    words,
    ([, double, single, bare]) => double ?? single ?? (bare ?? "").replace(/\\(.)/g, "$1"),
  );
}
