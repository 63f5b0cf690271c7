import { createInterface } from "node:readline";
import type { Clock } from "../../../src/clock.ts";
import { parseConversationId } from "../../../src/ids.ts";
import type { CommandEntry } from "../../../src/commands/command-entry.ts";
import { COMMANDS } from "../../../src/commands/command-table.ts";
import { parseCommand } from "../../../src/commands/parse/parse-command.ts";
import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";
import { attachMentioned } from "../commands/attach-files.ts";
import { isCommand, messageText, runCommand } from "../commands/local-commands.ts";
import type { Front } from "../front.ts";
import { messageOf, type LocalPerson } from "../local-person.ts";
import type { Room } from "../room.ts";
import { readQuestion } from "./read-question.ts";
import type { Report } from "./reports.ts";
import { createTurnWaits, type TurnWaits } from "./turn-waits.ts";

export interface PipeOptions {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
  readonly report: Report;
  /** The question and the whole input are one message; otherwise each line is a message or a command. */
  readonly once: boolean;
  /** Whether a shell's pipe or a file is the input. */
  readonly isPiped: boolean;
  /** The question or the first message, from the command line. */
  readonly question: string | undefined;
  readonly room: Room;
  readonly threads: Threads;
  readonly clock: Clock;
  readonly wallTime: () => number;
  /** Where relative paths start. */
  readonly folder: string;
  readonly enter: () => Promise<unknown>;
  readonly exit: (code: number) => void;
}

interface Script {
  readonly options: PipeOptions;
  readonly waits: TurnWaits;
  readonly person: LocalPerson;
  /** Resolves when the running turn has ended. */
  idle: Promise<void>;
  /** 1 after a line that failed. */
  code: number;
  isOver: boolean;
}

/** The terminal for scripts: lines in, answers out. */
export function createPipe(options: PipeOptions): Front {
  const { report, input, room } = options;
  const waits = createTurnWaits();
  let script: Script | undefined;
  // Other terminals may share the process, each with its own threads.
  const hears = (thread: string) => script?.isOver !== true && room.hasVisited(thread);
  return {
    async start(person) {
      await options.enter();
      script = { options, waits, person, idle: Promise.resolve(), code: 0, isOver: false };
      endOnBrokenPipe(script);
      void run(script);
    },
    async stop() {
      if (script) script.isOver = true;
      input.pause();
    },
    restore: () => undefined,
    notice: (text) => report.problem(text),
    said: () => undefined,
    show: (thread, content, isNew) => {
      // A stream cannot edit what it has printed.
      if (hears(thread) && (isNew || content.kind === "status"))
        report.show(thread, content, isNew);
    },
    turnText: () => undefined,
    turnEvent: (conversation, event, state) => {
      if (hears(parseConversationId(conversation).thread))
        report.turnEvent(conversation, event, state);
    },
    turnDone(conversation, message, summary) {
      const { thread } = parseConversationId(conversation);
      if (hears(thread)) report.turnDone(conversation, summary);
      const added = summary?.added_messages ?? [];
      for (const id of [message, ...added]) waits.done(thread, id, summary);
    },
  };
}

/** The reader has closed the pipe (`| head`): exit. */
function endOnBrokenPipe(script: Script): void {
  const { output, exit } = script.options;
  output.on("error", () => {
    if (script.isOver) return;
    script.isOver = true;
    exit(1);
  });
}

async function run(script: Script): Promise<void> {
  const { input, output, once, question, report, exit, clock, room, folder, isPiped } =
    script.options;
  const warn = (text: string) => report.problem(text);
  try {
    // Only what the person typed can send files along.
    const asked = question && (await attachMentioned(question, { room, folder }));
    if (once)
      await take(await readQuestion({ input, question: asked, clock, isPiped, warn }), script);
    else {
      if (asked) await take(asked, script);
      for await (const line of createInterface({ input })) await take(line, script);
    }
    await script.idle;
  } catch (error) {
    report.problem(messageOf(error));
    script.code = 1;
  }
  if (script.isOver) return;
  script.isOver = true;
  // Exit only after the pipe has taken all output.
  output.write("", () => exit(script.code));
}

async function take(line: string, script: Script): Promise<void> {
  const text = line.trim();
  if (text === "" || script.isOver) return;
  if (!isCommand(text)) await say(messageText(text), script);
  else await command(text.slice(1), script);
}

async function say(text: string, script: Script): Promise<void> {
  const { waits, person } = script;
  const { room, report, threads } = script.options;
  await script.idle;
  const thread = room.name();
  const files = room.takeAttached();
  const { message, accepted } = await person.send({ thread, text, files });
  try {
    await accepted;
    script.idle = answered(waits.of(message), script);
  } catch (error) {
    report.problem(`Parley did not accept the message: ${messageOf(error)}`);
    report.turnDone(threads.conversationOf(thread), null);
    script.code = 1;
  }
}

async function answered(turn: ReturnType<TurnWaits["of"]>, script: Script): Promise<void> {
  const summary = await turn;
  if (summary === null || summary.answer === null) script.code = 1;
}

/** What a command does to a turn. */
function turnOfCommand(words: string): CommandEntry["turn"] {
  const { name } = parseCommand(words);
  return name === "problem" ? "none" : COMMANDS[name].turn;
}

async function command(words: string, script: Script): Promise<void> {
  const { waits, person } = script;
  const { report, room, threads, wallTime, folder } = script.options;
  const does = turnOfCommand(words);
  if (does !== "during") await script.idle;
  const turn = does === "begins" ? waits.next(room.name()) : undefined;
  const reply = await runCommand(words, {
    room,
    threads,
    person,
    wallTime,
    folder,
    copy: () => false,
    opened: () => Promise.resolve(),
    quit: () => void quit(script),
  });
  if (!reply) return;
  report.reply(words, reply);
  if (!reply.ok) script.code = 1;
  else if (turn) script.idle = answered(turn, script);
}

/** Lines after `/quit` are not read. */
async function quit(script: Script): Promise<void> {
  await script.idle;
  script.isOver = true;
  const { output, exit } = script.options;
  output.write("", () => exit(script.code));
}
