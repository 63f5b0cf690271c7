import { userInfo } from "node:os";
import { join } from "node:path";
import { createAttachments } from "../../src/adapter-kit/own-threads/attachments.ts";
import { createThreadFiles } from "../../src/adapter-kit/own-threads/thread-files.ts";
import { createThreadPosts } from "../../src/adapter-kit/own-threads/thread-posts.ts";
import { createThreads } from "../../src/adapter-kit/own-threads/threads.ts";
import { systemClock, type Clock } from "../../src/clock.ts";
import type { ConversationId } from "../../src/ids.ts";
import type { Intake, Person, Platform } from "../../src/platform.ts";
import type { TerminalCompletions } from "./chat/parts.ts";
import type { Front } from "./front.ts";
import { createLocalPerson } from "./local-person.ts";
import { openFront, type FrontRequest, type House } from "./open-front.ts";
import { spellInTerminal } from "./spell.ts";
import { ONLY_TERMINAL } from "./platform-name.ts";

/** What all terminals of a process share, and what its own terminal shows. */
export interface TerminalOptions extends FrontRequest {
  /** The terminal's folder, with threads and attached files. */
  readonly dir: string;
  /** The platform's name, if several terminals share a database; default "terminal". */
  readonly platformName?: string;
  readonly version: string;
  /** Completes shared commands, without the slash. */
  readonly completions: TerminalCompletions;
  /** Describes who answers in a conversation: "council · 3 agents". */
  readonly describe: (conversation: ConversationId) => Promise<string>;
  readonly clock?: Clock;
  /** Milliseconds since the epoch. */
  readonly wallTime?: () => number;
  /** Default: the system's user. */
  readonly person?: Person;
}

/** The terminal as a platform, with the hooks of its user interface. */
export interface Terminal
  extends Platform, Pick<Front, "turnEvent" | "turnText" | "turnDone" | "notice" | "restore"> {
  /** Opens another front, as for a second terminal. Resolves when it reads input; the result closes it. Only after `start`. */
  join(request: FrontRequest): Promise<() => Promise<void>>;
}

// A terminal scrolls, so one message holds any answer.
const MAX_TEXT_LENGTH = 10_000_000;

/** A chat if input and output are a terminal, otherwise a pipe: lines in, answers out. Reads and writes nothing before `start`. */
export function createTerminal(options: TerminalOptions): Terminal {
  const { platformName: name = ONLY_TERMINAL, wallTime = Date.now, clock = systemClock } = options;
  const { dir, version, completions, describe } = options;
  const threads = createThreads({
    lines: createThreadFiles(join(dir, "threads")),
    platform: name,
    channel: "local",
    wallTime,
  });
  const attachments = createAttachments(join(dir, "files"));
  const house = { threads, attachments, wallTime, clock, version, completions, describe };
  const fronts = createFronts(house, options.person ?? localUser());
  const { each } = fronts;
  return {
    name,
    capabilities: {
      maxTextLength: MAX_TEXT_LENGTH,
      footerRoom: 0,
      maxParts: 1,
      minEditIntervalMs: 50,
    },
    spell: () => spellInTerminal,
    ...createThreadPosts({
      threads,
      attachments,
      show: (thread, content, isNew) => each((front) => front.show(thread, content, isNew)),
    }),
    async start(intake) {
      fronts.open(intake);
      await fronts.add(options);
    },
    stop: () => fronts.stop(),
    isConnected: () => fronts.isOpen(),
    turnEvent: (...told) => each((front) => front.turnEvent(...told)),
    turnText: (...told) => each((front) => front.turnText(...told)),
    turnDone: (...told) => each((front) => front.turnDone(...told)),
    notice: (text) => each((front) => front.notice(text)),
    restore: () => each((front) => front.restore()),
    async join(request) {
      const front = await fronts.add(request);
      return () => fronts.remove(front);
    },
  };
}

/** The terminals that show this process's threads. */
function createFronts(house: House, person: Person) {
  const fronts = new Set<Front>();
  let intake: Intake | undefined;
  return {
    open: (opened: Intake) => void (intake = opened),
    isOpen: () => intake !== undefined,
    each: (tell: (front: Front) => void) => fronts.forEach(tell),
    async add(request: FrontRequest): Promise<Front> {
      if (!intake) throw new Error("The terminal has not started.");
      const { threads, attachments } = house;
      const onSaid: Front["said"] = (thread, message) => {
        for (const other of fronts) if (other !== front) other.said(thread, message);
      };
      const local = createLocalPerson({ intake, threads, attachments, person, onSaid });
      const front = openFront(request, house, local.command);
      fronts.add(front);
      try {
        await front.start(local);
      } catch (error) {
        fronts.delete(front);
        throw error;
      }
      return front;
    },
    async remove(front: Front) {
      fronts.delete(front);
      await front.stop();
    },
    async stop() {
      intake = undefined;
      await Promise.all([...fronts].map((front) => front.stop()));
    },
  };
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
