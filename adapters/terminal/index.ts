import { join } from "node:path";
import { userInfo } from "node:os";
import { systemClock, type Clock } from "../../src/clock.ts";
import type { ConversationId } from "../../src/ids.ts";
import type { Person, Platform } from "../../src/platform.ts";
import type { TerminalCompletions } from "./chat/complete.ts";
import { createChat } from "./chat/chat.ts";
import type { KeyInput } from "./chat/keys.ts";
import type { ScreenOutput } from "./chat/screen.ts";
import type { Front } from "./front.ts";
import { createLocalPerson } from "./local-person.ts";
import { createJsonReport, createTextReport } from "./pipe/reports.ts";
import { createPipe } from "./pipe/pipe.ts";
import { ONLY_TERMINAL } from "./platform-name.ts";
import { createRoom } from "./room.ts";
import { createThreadPosts } from "../../src/adapter-kit/own-threads/thread-posts.ts";
import { createAttachments } from "../../src/adapter-kit/own-threads/attachments.ts";
import { createThreadFiles } from "../../src/adapter-kit/own-threads/thread-files.ts";
import { createThreads, type Threads } from "../../src/adapter-kit/own-threads/threads.ts";

export interface TerminalOptions {
  readonly input: KeyInput;
  readonly output: ScreenOutput;
  readonly error: NodeJS.WritableStream;
  /** The terminal's folder, with threads and attached files. */
  readonly dir: string;
  /** The platform's name, if several terminals share a database; default "terminal". */
  readonly platformName?: string;
  /** The whole input is one question; Parley exits after its answer. */
  readonly once: boolean;
  /** Prints events as JSON lines, and a summary per turn. */
  readonly json: boolean;
  /** The thread to open; default: a new one. */
  readonly thread?: string | undefined;
  readonly continueLatest?: boolean;
  /** False under NO_COLOR. */
  readonly colour: boolean;
  readonly version: string;
  /** Completes shared commands to whole lines, without the slash. */
  readonly completions: TerminalCompletions;
  /** Describes who answers in a conversation: "council · 3 agents". */
  readonly describe: (conversation: ConversationId) => Promise<string>;
  /** Called once, when the person quits or the script has ended; 0 unless an answer or a command failed. */
  readonly exit: (code: number) => void;
  readonly clock?: Clock;
  /** Milliseconds since the epoch. */
  readonly wallTime?: () => number;
  /** Default: the system's user. */
  readonly person?: Person;
}

/** The terminal as a platform, with the hooks of its user interface. */
export interface Terminal
  extends Platform, Pick<Front, "turnEvent" | "turnDone" | "notice" | "restore"> {}

// A terminal scrolls, so one message holds any answer.
const MAX_TEXT_LENGTH = 10_000_000;

/** A chat if input and output are a terminal, otherwise a pipe: lines in, answers out. Reads and writes nothing before `start`. */
export function createTerminal(options: TerminalOptions): Terminal {
  const wallTime = options.wallTime ?? Date.now;
  const { platformName: name = ONLY_TERMINAL } = options;
  const threads = createThreads({
    lines: createThreadFiles(join(options.dir, "threads")),
    platform: name,
    channel: "local",
    wallTime,
  });
  const attachments = createAttachments(join(options.dir, "files"));
  const front = createFront(options, { threads, attachments, wallTime });
  let isReading = false;
  return {
    name,
    capabilities: {
      maxTextLength: MAX_TEXT_LENGTH,
      footerRoom: 0,
      maxParts: 1,
      minEditIntervalMs: 50,
    },
    ...createThreadPosts({ threads, attachments, show: (...shown) => front.show(...shown) }),
    async start(intake) {
      const person = options.person ?? localUser();
      await front.start(createLocalPerson({ intake, threads, attachments, person }));
      isReading = true;
    },
    stop() {
      isReading = false;
      return front.stop();
    },
    isConnected: () => isReading,
    turnEvent: (conversation, event, state) => front.turnEvent(conversation, event, state),
    turnDone: (conversation, message, summary) => front.turnDone(conversation, message, summary),
    notice: (text) => front.notice(text),
    restore: () => front.restore(),
  };
}

interface Parts {
  readonly threads: Threads;
  readonly attachments: ReturnType<typeof createAttachments>;
  readonly wallTime: () => number;
}

function createFront(options: TerminalOptions, parts: Parts): Front {
  const room = createRoom(parts);
  const shared = {
    ...options,
    ...parts,
    room,
    enter: async () => room.enter(await firstThread(options, parts)),
  };
  const isChat =
    options.input.isTTY === true && options.output.isTTY === true && !options.once && !options.json;
  if (isChat) return createChat({ ...shared, clock: options.clock ?? systemClock });
  const { conversationOf } = parts.threads;
  const report = options.json
    ? createJsonReport({ ...options, conversationOf })
    : createTextReport(options);
  return createPipe({ ...shared, report });
}

async function firstThread(
  { thread, continueLatest }: TerminalOptions,
  { threads }: Parts,
): Promise<string | undefined> {
  if (thread !== undefined) return thread;
  return continueLatest ? (await threads.list())[0]?.name : undefined;
}

function localUser(): Person {
  try {
    const { username } = userInfo();
    return { id: username, name: username, kind: "person" };
  } catch {
    // In some containers the user id has no entry in the password file.
    return { id: "local", name: "User", kind: "person" };
  }
}
