import { createInterface } from "node:readline";
import { text as readAll } from "node:stream/consumers";
import type { Front } from "../front.ts";
import { isCommand, messageText, runCommand } from "../local-commands.ts";
import { messageOf, type LocalPerson } from "../local-person.ts";
import type { Room } from "../room.ts";
import type { CommandEntry } from "../../../src/commands/command-entry.ts";
import { COMMANDS } from "../../../src/commands/command-table.ts";
import { parseCommand } from "../../../src/commands/parse/parse-command.ts";
import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";
import type { Report } from "./reports.ts";
import { createTurnWaits, type TurnWaits } from "./turn-waits.ts";

export interface PipeOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly report: Report;
  /** The whole input is one question; otherwise each line is a message or a command. */
  readonly once: boolean;
  readonly room: Room;
  readonly threads: Threads;
  readonly wallTime: () => number;
  readonly enter: () => Promise<unknown>;
  readonly exit: (code: number) => void;
}

interface Script extends PipeOptions {
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
  const { report, input } = options;
  const waits = createTurnWaits();
  let script: Script | undefined;
  const isOver = () => script?.isOver === true;
  return {
    async start(person) {
      await options.enter();
      script = { ...options, waits, person, idle: Promise.resolve(), code: 0, isOver: false };
      endOnBrokenPipe(script);
      void run(script);
    },
    async stop() {
      if (script) script.isOver = true;
      input.pause();
    },
    restore: () => undefined,
    notice: (text) => report.problem(text),
    show: (thread, content, isNew) => {
      // A stream cannot edit what it has printed.
      if (!isOver() && (isNew || content.kind === "status")) report.show(thread, content, isNew);
    },
    turnEvent: (conversation, event, state) => {
      if (!isOver()) report.turnEvent(conversation, event, state);
    },
    turnDone(conversation, message, summary) {
      if (!isOver()) report.turnDone(conversation, summary);
      for (const id of [message, ...(summary?.added_messages ?? [])]) waits.done(id, summary);
    },
  };
}

/** The reader has closed the pipe (`| head`): exit. */
function endOnBrokenPipe(script: Script): void {
  script.output.on("error", () => {
    if (script.isOver) return;
    script.isOver = true;
    script.exit(1);
  });
}

async function run(script: Script): Promise<void> {
  const { input, output, once, report, exit } = script;
  try {
    if (once) await takeOnce(await readAll(input), script);
    else for await (const line of createInterface({ input })) await take(line, script);
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

async function takeOnce(text: string, script: Script): Promise<void> {
  if (text.trim() === "") throw new Error("No question: write one to standard input.");
  await take(text.trim(), script);
}

async function take(line: string, script: Script): Promise<void> {
  const text = line.trim();
  if (text === "" || script.isOver) return;
  if (!isCommand(text)) await say(messageText(text), script);
  else await command(text.slice(1), script);
}

async function say(text: string, script: Script): Promise<void> {
  const { room, person, report, waits } = script;
  await script.idle;
  const thread = room.name();
  const { message, accepted } = await person.send({ thread, text, files: room.takeAttached() });
  try {
    await accepted;
    script.idle = answered(waits.of(message), script);
  } catch (error) {
    report.problem(`Parley did not accept the message: ${messageOf(error)}`);
    report.turnDone(script.threads.conversationOf(thread), null);
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
  const { report, waits } = script;
  const does = turnOfCommand(words);
  if (does !== "during") await script.idle;
  const turn = does === "begins" ? waits.next() : undefined;
  const reply = await runCommand(words, {
    ...script,
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
  script.output.write("", () => script.exit(script.code));
}
