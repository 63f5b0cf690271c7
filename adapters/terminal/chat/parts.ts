import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";
import type { Clock } from "../../../src/clock.ts";
import type { ConversationId } from "../../../src/ids.ts";
import type { Completion } from "../../../src/commands/completions.ts";
import { completeText } from "../input/complete.ts";
import { createComposer } from "../input/composer.ts";
import { createFindFiles } from "../input/find-files.ts";
import { everythingWritten } from "../input/history-search.ts";
import { createInterrupt } from "../input/interrupt.ts";
import type { Written } from "../input/pasted.ts";
import { historyOf } from "../input/prompt-history.ts";
import type { Room } from "../room.ts";
import { createBoards } from "../screen/boards.ts";
import { composeLive } from "../screen/compose-live.ts";
import type { ScreenOutput } from "../screen/screen.ts";
import { createStage } from "../screen/stage.ts";
import { createActivity } from "./activity.ts";
import { printStreamed } from "./show-content.ts";
import { createStreams, type Streams } from "./streams.ts";

/** Completes a shared command, without the slash, in a conversation. */
export type TerminalCompletions = (
  prefix: string,
  conversation: ConversationId,
) => Promise<readonly Completion[]>;

interface PartsOptions {
  readonly output: ScreenOutput;
  readonly clock: Clock;
  readonly colour: boolean;
  readonly room: Room;
  readonly threads: Threads;
  readonly folder: string;
  readonly completions: TerminalCompletions;
}

interface PartsCallbacks {
  readonly about: () => string;
  readonly submit: (written: Written) => void;
  readonly stopTurn: () => void;
  readonly quit: () => void;
}

/** More than fits on any screen. */
const MOST_STREAMING = 6_000;

/** Creates the parts of a chat and connects them. */
export function createParts(options: PartsOptions, on: PartsCallbacks) {
  const { clock, output, colour, room } = options;
  const { stopTurn, quit } = on;
  const activity = createActivity();
  const streams = createStreams();
  const isRunning = () => activity.isRunning(room.name());
  const stage = createStage({
    output,
    colour,
    live: (look, rows) => composeLive(view(), look, rows),
  });
  const onChange = () => stage.redraw();
  const boards = createBoards(clock, () => {
    printStreamed({ stage, boards, streams, room }, room.name());
    onChange();
  });
  const interrupt = createInterrupt({ clock, isRunning, stopTurn, quit, onChange });
  const composer = createComposer({
    history: historyOf(undefined),
    ...inputSources(options),
    onChange,
    onSubmit: on.submit,
    onInterrupt: () => interrupt.press(),
    onEscape: () => interrupt.escape(),
    onKey: () => interrupt.relax(),
    onEnd: quit,
    onWipe: () => stage.wipe(),
  });
  const view = () => ({
    board: boards.live(room.name()),
    texts: streams.texts(room.name()),
    streaming: streamingEnd(streams.full(room.name())),
    draft: composer.draft(),
    menu: composer.menu(),
    query: composer.query(),
    files: room.attached(),
    interrupt: interrupt.state(),
    running: isRunning(),
    elsewhere: boards.elsewhere(room.name()),
    thread: room.name(),
    about: on.about(),
  });
  return { activity, streams, stage, boards, composer };
}

/** The end of a streaming text. Once a part is printed, the writer's name stands above that. */
const streamingEnd = (full: ReturnType<Streams["full"]>) =>
  full && {
    writer: full.text.isBegun() ? undefined : full.agent,
    text: full.text.pending(MOST_STREAMING),
  };

/** Where the menu and the search find their choices. */
function inputSources({
  clock,
  room,
  threads,
  folder,
  completions,
}: Pick<PartsOptions, "clock" | "room" | "threads" | "folder" | "completions">) {
  const findFiles = createFindFiles(folder, () => clock.now());
  const shared = (prefix: string) => completions(prefix, threads.conversationOf(room.name()));
  const listThreads = () => threads.list();
  return {
    find: (text: string) => completeText(text, { folder, findFiles, shared, listThreads }),
    written: () => everythingWritten(threads),
  };
}
