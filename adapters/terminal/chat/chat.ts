import type { Clock } from "../../../src/clock.ts";
import { parseConversationId, type ConversationId } from "../../../src/ids.ts";
import type { Front } from "../front.ts";
import { statusView } from "../../../src/progress/status-view.ts";
import type { LocalPerson } from "../local-person.ts";
import { renderNote } from "../render/render-thread.ts";
import type { Room } from "../room.ts";
import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";
import type { TerminalCompletions } from "./complete.ts";
import { readKeys, type KeyInput } from "./keys.ts";
import { renderOpened } from "../render/render-thread.ts";
import { historyOf } from "./prompt-history.ts";
import { createParts } from "./parts.ts";
import type { ScreenOutput } from "./screen.ts";
import { showContent } from "./show-content.ts";
import { createSubmissions, type Submissions } from "./submissions.ts";

export interface ChatOptions {
  readonly input: KeyInput;
  readonly output: ScreenOutput;
  readonly clock: Clock;
  readonly wallTime: () => number;
  readonly colour: boolean;
  readonly version: string;
  readonly room: Room;
  readonly threads: Threads;
  /** Opens the first thread. */
  readonly enter: () => Promise<unknown>;
  readonly completions: TerminalCompletions;
  /** Describes who answers in a conversation. */
  readonly describe: (conversation: ConversationId) => Promise<string>;
  readonly exit: (code: number) => void;
}

/** State of the session. */
interface Session {
  /** Who answers in the open thread. */
  about: string;
  submissions: Submissions | undefined;
  leave: (() => void) | undefined;
}

type Chat = Session & ReturnType<typeof createParts> & { readonly options: ChatOptions };

/** The chat of a person at a terminal. */
export function createChat(options: ChatOptions): Front {
  const parts = createParts(options, {
    about: () => chat.about,
    submit: (text) => chat.submissions?.submit(text),
    stopTurn: () => chat.submissions?.stopTurn(),
    quit: () => quit(chat),
  });
  const session: Session = { about: "", submissions: undefined, leave: undefined };
  const chat: Chat = { ...session, ...parts, options };
  const show: Front["show"] = (thread, content, isNew) => {
    showContent({ ...parts, room: options.room }, thread, content, isNew);
    relax(chat);
  };
  return {
    start: (person) => start(chat, person),
    async stop() {
      restore(chat);
      await chat.submissions?.settled();
    },
    restore: () => restore(chat),
    show,
    notice: (text) => chat.stage.print(renderNote(text, chat.stage.look())),
    turnEvent(conversation, event, state) {
      const { thread } = parseConversationId(conversation);
      chat.activity.event(thread, event, state);
      // The answer is posted before the status's last edit, so the board is completed here.
      if (event.type === "turn_ended")
        show(thread, { kind: "status", view: statusView(state) }, false);
    },
    turnDone(conversation) {
      const { thread } = parseConversationId(conversation);
      chat.activity.ended(thread);
      chat.boards.drop(thread);
      relax(chat);
      chat.stage.redraw();
    },
  };
}

/** Once the turn has ended, Ctrl-C has nothing to stop. */
function relax({ activity, interrupt, options }: Chat): void {
  if (!activity.isRunning(options.room.name())) interrupt.relax();
}

async function start(chat: Chat, person: LocalPerson): Promise<void> {
  const { stage, activity, composer, options } = chat;
  const { room, threads, wallTime, input } = options;
  chat.submissions = createSubmissions({
    room,
    threads,
    person,
    wallTime,
    stage,
    activity,
    opened: () => opened(chat),
    quit: () => quit(chat),
    onAnswered: () => void describe(chat),
  });
  await options.enter();
  // Read keys before drawing, or the terminal would echo input into the picture.
  chat.leave = readKeys(
    input,
    (key) => composer.press(key),
    () => quit(chat),
  );
  stage.open();
  const { paint } = stage.look();
  const about = paint("dim", "· a team of AI agents answers · /help lists the commands");
  stage.print([`${paint("bold", "Parley")} ${options.version} ${about}`]);
  await opened(chat);
}

async function opened(chat: Chat): Promise<void> {
  const thread = chat.options.room.thread();
  if (!thread) return;
  chat.stage.print(renderOpened(thread, chat.stage.look()));
  chat.composer.reset(chat.composer.draft().text, historyOf(thread));
  await describe(chat);
}

/** Updates the hint below the input. A failure leaves it empty. */
async function describe(chat: Chat): Promise<void> {
  const { room, threads, describe: ask } = chat.options;
  chat.about = await ask(threads.conversationOf(room.name())).catch(() => "");
  chat.stage.redraw();
}

function quit(chat: Chat): void {
  const { room, exit } = chat.options;
  restore(chat);
  const isKept = (room.thread()?.messages().length ?? 0) > 0;
  const goodbye = `The thread ${room.name()} is kept. Use --continue to open it again.`;
  if (isKept) chat.stage.print(renderNote(goodbye, chat.stage.look()));
  exit(0);
}

function restore(chat: Chat): void {
  chat.leave?.();
  chat.leave = undefined;
  chat.boards.stop();
  chat.stage.close();
}
