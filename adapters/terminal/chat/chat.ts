import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";
import type { Clock } from "../../../src/clock.ts";
import { parseConversationId, type ConversationId } from "../../../src/ids.ts";
import { statusView } from "../../../src/progress/status-view.ts";
import type { Front } from "../front.ts";
import { readKeys, type KeyInput } from "../input/keys.ts";
import { historyOf } from "../input/prompt-history.ts";
import type { LocalPerson } from "../local-person.ts";
import { loadHighlight } from "../render/highlight.ts";
import { renderNote, renderingOpened } from "../render/render-thread.ts";
import type { Room } from "../room.ts";
import type { ScreenOutput } from "../screen/screen.ts";
import { clipboardSequence } from "../screen/terminal-signals.ts";
import { createAttention, type Attention, type AttentionSettings } from "./attention.ts";
import { createParts, type TerminalCompletions } from "./parts.ts";
import { showContent } from "./show-content.ts";
import { createSubmissions, showQuestion, type Submissions } from "./submissions.ts";

export interface ChatOptions {
  readonly input: KeyInput;
  readonly output: ScreenOutput;
  readonly clock: Clock;
  readonly wallTime: () => number;
  readonly colour: boolean;
  readonly version: string;
  readonly room: Room;
  readonly threads: Threads;
  /** Where relative paths start. */
  readonly folder: string;
  readonly isTmux: boolean;
  readonly attention: AttentionSettings;
  /** The first message, from the command line. */
  readonly question: string | undefined;
  /** What the person should know at the start; undefined: nothing. */
  readonly welcome: string | undefined;
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

interface Chat {
  readonly options: ChatOptions;
  readonly parts: ReturnType<typeof createParts>;
  readonly attention: Attention;
  readonly session: Session;
}

/** The chat of a person at a terminal. */
export function createChat(options: ChatOptions): Front {
  const { room, clock } = options;
  const session: Session = { about: "", submissions: undefined, leave: undefined };
  const parts = createParts(options, {
    about: () => session.about,
    submit: (written) => session.submissions?.submit(written),
    stopTurn: () => session.submissions?.stopTurn(),
    quit: () => quit(chat),
  });
  const { stage, boards, activity, streams } = parts;
  const attention = createAttention(options.attention, clock, (sequence) => stage.tell(sequence));
  const chat: Chat = { options, parts, attention, session };
  const show: Front["show"] = (thread, content, isNew) =>
    showContent({ stage, boards, activity, streams, room }, thread, content, isNew);
  return {
    start: (person) => start(chat, person),
    async stop() {
      restore(chat);
      await session.submissions?.settled();
    },
    restore: () => restore(chat),
    show,
    said(thread, message) {
      if (thread === room.name()) showQuestion(message, thread, { stage, activity });
      activity.sent(thread);
      stage.redraw();
    },
    notice: (text) => stage.print(renderNote(text, stage.look())),
    turnEvent(conversation, event, state) {
      const { thread } = parseConversationId(conversation);
      activity.event(thread, event, state);
      streams.event(thread, event, state);
      // The answer is posted before the status's last edit, so the board is completed here.
      if (event.type === "turn_ended")
        show(thread, { kind: "status", view: statusView(state) }, false);
      retitle(chat);
    },
    turnText: (conversation, agent, delta) =>
      streams.text(parseConversationId(conversation).thread, agent, delta),
    turnDone(conversation) {
      const { thread } = parseConversationId(conversation);
      activity.ended(thread);
      boards.drop(thread);
      streams.drop(thread);
      if (room.hasVisited(thread)) attention.answered();
      retitle(chat);
      stage.redraw();
    },
  };
}

function retitle({ attention, parts, options: { room } }: Chat): void {
  attention.show(room.name(), parts.activity.isRunning(room.name()));
}

async function start(chat: Chat, person: LocalPerson): Promise<void> {
  const { session, attention } = chat;
  const { stage, composer } = chat.parts;
  const { enter, input, clock, version, question, welcome } = chat.options;
  session.submissions = startSubmissions(chat, person);
  await enter();
  // Read keys before drawing, or the terminal would echo input into the picture.
  session.leave = readKeys(input, {
    clock,
    onKey: (key) => composer.press(key),
    onEnd: () => quit(chat),
  });
  stage.open();
  attention.begin();
  // Code that is printed until then has one colour.
  void loadHighlight().then(stage.setHighlight, () => undefined);
  const { paint } = stage.look();
  const about = paint("dim", "· a team of AI agents answers · /help lists the commands");
  stage.print([`${paint("bold", "Parley")} ${version} ${about}`]);
  if (welcome !== undefined) stage.print(renderNote(welcome, stage.look()));
  await opened(chat);
  if (question !== undefined) session.submissions.submit({ text: question, pastes: [] });
}

function startSubmissions(chat: Chat, person: LocalPerson): Submissions {
  const { stage, activity, composer } = chat.parts;
  const { room, threads, wallTime, folder, isTmux } = chat.options;
  const copy = (text: string) => {
    stage.tell(clipboardSequence(text, isTmux));
    return true;
  };
  return createSubmissions({
    person,
    stage,
    activity,
    commands: {
      room,
      threads,
      person,
      wallTime,
      folder,
      copy,
      opened: (extent) => opened(chat, extent),
      quit: () => quit(chat),
    },
    onAnswered: () => void describe(chat),
    onUnsent(written) {
      if (composer.draft().text === "") composer.reset(written);
    },
  });
}

async function opened(chat: Chat, extent?: "whole"): Promise<void> {
  const { stage, composer } = chat.parts;
  const thread = chat.options.room.thread();
  if (!thread) return;
  stage.printLater(renderingOpened(thread, stage.look(), extent));
  composer.reset(composer.draft(), historyOf(thread));
  retitle(chat);
  await describe(chat);
}

/** Updates the hint below the input. A failure leaves it empty. */
async function describe({ options, session, parts }: Chat): Promise<void> {
  const { room, threads, describe: ask } = options;
  session.about = await ask(threads.conversationOf(room.name())).catch(() => "");
  parts.stage.redraw();
}

function quit(chat: Chat): void {
  const { stage } = chat.parts;
  const { room, exit } = chat.options;
  restore(chat);
  const isKept = (room.thread()?.messages().length ?? 0) > 0;
  const goodbye = `The thread ${room.name()} is kept. Use --continue to open it again.`;
  if (isKept) stage.print(renderNote(goodbye, stage.look()));
  exit(0);
}

function restore({ session, attention, parts }: Chat): void {
  session.leave?.();
  session.leave = undefined;
  attention.end();
  parts.boards.stop();
  parts.stage.close();
}
