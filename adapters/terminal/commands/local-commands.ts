import { privately, refused } from "../../../src/commands/run/compose-reply.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { splitWords } from "../input/dropped-paths.ts";
import { messageOf, type LocalPerson } from "../local-person.ts";
import { attachFiles } from "./attach-files.ts";
import { copyAnswer } from "./copy-answer.ts";
import { listThreads, openNew, openOld, type ThreadPorts } from "./thread-commands.ts";
import { whyAnswer } from "./why-answer.ts";

/** What the terminal's commands work on. */
export interface LocalCommandPorts extends ThreadPorts {
  readonly person: Pick<LocalPerson, "command">;
  /** Where relative paths start. */
  readonly folder: string;
  /** Writes to the person's clipboard; false: this terminal has none. */
  readonly copy: (text: string) => boolean;
  readonly quit: () => void;
}

type Run = (
  ports: LocalCommandPorts,
  words: readonly string[],
) => CommandReply | undefined | Promise<CommandReply | undefined>;

interface LocalCommand {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  readonly run: Run;
}

const TABLE: readonly LocalCommand[] = [
  { name: "help", usage: "[COMMAND]", about: "list the commands and keys", run: helpAll },
  { name: "new", usage: "[NAME]", about: "start a new thread", run: openNew },
  { name: "threads", usage: "", about: "list the threads", run: listThreads },
  {
    name: "open",
    usage: "[N]",
    about: "open a thread by its number or name; without one, show this thread from its start",
    run: openOld,
  },
  {
    name: "attach",
    usage: "FILE …",
    about: "send files or images with your next message",
    run: attachFiles,
  },
  {
    name: "copy",
    usage: "[N]",
    about: "copy the last answer, or its code block N, to the clipboard",
    run: copyAnswer,
  },
  {
    name: "why",
    usage: "[ANSWER|all]",
    about: "explain the last answer; show one of the other answers, or all of them",
    run: whyAnswer,
  },
  { name: "quit", usage: "", about: "quit; the threads are kept", run: leave },
  { name: "exit", usage: "", about: "the same as /quit", run: leave },
];

const BY_NAME = new Map(TABLE.map((command) => [command.name, command]));

/** The terminal's own commands. */
export const localCommands = (): readonly Omit<LocalCommand, "run">[] => TABLE;

/** The terminal's keys, for the help. */
export const KEYS: readonly (readonly [keys: string, about: string])[] = [
  ["Esc, Ctrl-C", "stop the turn; Ctrl-C twice quits"],
  ["/, @", "choose a command, or a file to send"],
  ["Ctrl-R", "search what you wrote in all threads"],
  ["Ctrl-J, Alt-Enter", "begin a new line"],
  ["Ctrl-O", "show a long paste in full"],
  ["↑ ↓", "recall what you wrote, also what Ctrl-C cleared"],
];

/** Runs a command, without its slash: one of the terminal's own, or else a shared command. undefined: it has no reply. */
export async function runCommand(
  text: string,
  ports: LocalCommandPorts,
): Promise<CommandReply | undefined> {
  const [name = "", ...words] = splitWords(text);
  const local = BY_NAME.get(name);
  if (!local) return ports.person.command(ports.room.name(), text);
  try {
    return await local.run(ports, words);
  } catch (error) {
    return refused(`/${name} failed`, [messageOf(error)]);
  }
}

function leave({ quit }: Pick<LocalCommandPorts, "quit">): undefined {
  quit();
}

/** Whether a line is a command. "/usr/bin is where?" is a message, and so is "/ask QUESTION". */
export const isCommand = (text: string): boolean => /^\/(?!ask\s)[a-z][\w-]*(?=\s|$)/i.test(text);

/** The message in a line that is not a command. "//" escapes a slash; "/ask" becomes the text command "!ask". */
export const messageText = (line: string): string =>
  line.replace(/^\/\//, "/").replace(/^\/(?=ask\s)/i, "!");

/** Whether the command is one of the terminal's own; `text` is without the slash. */
export const isLocal = (text: string): boolean => BY_NAME.has(splitWords(text)[0] ?? "");

async function helpAll(
  { person, room }: Pick<LocalCommandPorts, "person" | "room">,
  words: readonly string[],
): Promise<CommandReply> {
  const shared = await person.command(room.name(), ["help", ...words].join(" "));
  if (words.length > 0) return shared;
  const rows = TABLE.map(({ name, usage, about }) => [`/${name} ${usage}`.trimEnd(), about]);
  const own = privately("", [], [{ type: "table", columns: ["In the terminal", ""], rows }]);
  const keys = privately("", [], [{ type: "table", columns: ["Keys", ""], rows: KEYS }]);
  return { ...shared, blocks: [...shared.blocks, ...own.blocks, ...keys.blocks] };
}
