import type { Attachments } from "../../src/adapter-kit/own-threads/attachments.ts";
import type { Threads } from "../../src/adapter-kit/own-threads/threads.ts";
import type { Clock } from "../../src/clock.ts";
import type { ConversationId } from "../../src/ids.ts";
import type { AttentionSettings } from "./chat/attention.ts";
import { createChat } from "./chat/chat.ts";
import type { TerminalCompletions } from "./chat/parts.ts";
import type { Front } from "./front.ts";
import type { KeyInput } from "./input/keys.ts";
import type { LocalPerson } from "./local-person.ts";
import { createPipe } from "./pipe/pipe.ts";
import { isPipeOrFile } from "./pipe/read-question.ts";
import { createJsonReport, createTextReport } from "./pipe/reports.ts";
import { createRoom } from "./room.ts";
import type { ScreenOutput } from "./screen/screen.ts";

/** What one terminal asks for. */
export interface FrontRequest {
  readonly input: KeyInput;
  readonly output: ScreenOutput;
  readonly error: NodeJS.WritableStream;
  /** Answers one question and exits. */
  readonly once: boolean;
  /** Prints events as JSON lines, and a summary per turn. */
  readonly json: boolean;
  /** The question or the first message, from the command line. */
  readonly question?: string | undefined;
  /** The thread to open; default: a new one. */
  readonly thread?: string | undefined;
  readonly continueLatest?: boolean;
  /** False under NO_COLOR. */
  readonly colour: boolean;
  /** Whether the terminal understands no escape sequences (TERM=dumb). */
  readonly isDumb?: boolean;
  readonly isTmux?: boolean;
  readonly attention?: AttentionSettings;
  /** What the person should know at the start. */
  readonly welcome?: string | undefined;
  /** Whether a shell's pipe or a file is the input, which is read to its end; default: found out. */
  readonly isPiped?: boolean;
  /** The team of a new thread; default: the one that answers here anyway. */
  readonly team?: string | undefined;
  /** Called with the name of each thread that is opened. */
  readonly onThread?: ((name: string) => void) | undefined;
  /** Where relative paths start; default: the process's own folder. */
  readonly folder?: string;
  /** Called once, when the person quits or the script has ended; 0 unless an answer or a command failed. */
  readonly exit: (code: number) => void;
}

/** What all fronts of a process share. */
export interface House {
  readonly threads: Threads;
  readonly attachments: Attachments;
  readonly clock: Clock;
  readonly wallTime: () => number;
  readonly version: string;
  readonly completions: TerminalCompletions;
  readonly describe: (conversation: ConversationId) => Promise<string>;
}

const QUIET: AttentionSettings = { title: false, bell: false };

/** Whether a person sees a screen that can be drawn on. */
export const isScreen = ({
  input,
  output,
  once,
  json,
  isDumb = false,
}: Pick<FrontRequest, "once" | "json" | "isDumb"> & {
  readonly input: { readonly isTTY?: boolean };
  readonly output: { readonly isTTY?: boolean };
}): boolean => input.isTTY === true && output.isTTY === true && !once && !json && !isDumb;

/** The chat for a screen, otherwise the pipe. `command` runs a shared command in a thread. */
export function openFront(
  request: FrontRequest,
  house: House,
  command: LocalPerson["command"],
): Front {
  const { threads, attachments, clock, wallTime } = house;
  const { input, output, question, exit, folder = "." } = request;
  const room = createRoom(threads, attachments, request.onThread);
  const enter = async () => {
    const thread = await room.enter(await firstThread(request, threads));
    if (request.team !== undefined && thread.messages().length === 0)
      await useTeam(thread.name, request.team, command);
  };
  const shared = { input, output, room, threads, clock, wallTime, folder, question, enter, exit };
  if (!isScreen(request))
    return createPipe({
      ...shared,
      once: request.once,
      isPiped: request.isPiped ?? isPipeOrFile(input),
      report: reportFor(request, threads),
    });
  const { version, completions, describe } = house;
  const { colour, welcome, isTmux = false, attention = QUIET } = request;
  const look = { colour, isTmux, attention, welcome };
  return createChat({ ...shared, ...look, version, completions, describe });
}

async function useTeam(
  thread: string,
  team: string,
  command: LocalPerson["command"],
): Promise<void> {
  const { ok, title } = await command(thread, `team use ${team}`);
  if (!ok) throw new Error(`--team ${team}: ${title}`);
}

function reportFor(request: FrontRequest, { conversationOf }: Pick<Threads, "conversationOf">) {
  const { output, error, colour, isDumb = false } = request;
  return request.json
    ? createJsonReport({ output, error, conversationOf })
    : createTextReport({ output, error, colour: colour && !isDumb });
}

async function firstThread(
  { thread, continueLatest = false }: Pick<FrontRequest, "thread" | "continueLatest">,
  threads: Pick<Threads, "list">,
): Promise<string | undefined> {
  if (thread !== undefined) return thread;
  return continueLatest ? (await threads.list())[0]?.name : undefined;
}
