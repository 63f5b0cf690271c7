import type { Clock } from "../../../src/clock.ts";
import type { Room } from "../room.ts";
import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";
import { createActivity } from "./activity.ts";
import { createBoards } from "./boards.ts";
import { completeLine, type TerminalCompletions } from "./complete.ts";
import { composeLive } from "./compose-live.ts";
import { createComposer } from "./composer.ts";
import { createInterrupt } from "./interrupt.ts";
import { historyOf } from "./prompt-history.ts";
import type { ScreenOutput } from "./screen.ts";
import { createStage } from "./stage.ts";

interface PartsOptions {
  readonly output: ScreenOutput;
  readonly clock: Clock;
  readonly colour: boolean;
  readonly room: Room;
  readonly threads: Threads;
  readonly completions: TerminalCompletions;
}

interface PartsCallbacks {
  readonly about: () => string;
  readonly submit: (text: string) => void;
  readonly stopTurn: () => void;
  readonly quit: () => void;
}

/** Creates the parts of a chat and connects them. */
export function createParts(options: PartsOptions, on: PartsCallbacks) {
  const { clock, output, colour, room, threads } = options;
  const activity = createActivity();
  const shared = (prefix: string) =>
    options.completions(prefix, threads.conversationOf(room.name()));
  const isRunning = () => activity.isRunning(room.name());
  const stage = createStage({
    output,
    colour,
    live: (look, rows) => composeLive(view(), look, rows),
  });
  const onChange = () => stage.redraw();
  const boards = createBoards(clock, onChange);
  const { stopTurn, quit } = on;
  const interrupt = createInterrupt({ clock, isRunning, stopTurn, quit, onChange });
  const composer = createComposer({
    history: historyOf(undefined),
    complete: (text) => completeLine(text, { threads, shared }),
    onChange,
    onSubmit: on.submit,
    onInterrupt() {
      composer.reset("");
      interrupt.press();
    },
    onEnd: on.quit,
    onWipe: () => stage.wipe(),
  });
  const view = () => ({
    board: boards.live(room.name()),
    draft: composer.draft(),
    candidates: composer.candidates(),
    files: room.attached(),
    interrupt: interrupt.state(),
    running: isRunning(),
    elsewhere: boards.elsewhere(room.name()),
    thread: room.name(),
    about: on.about(),
  });
  return { activity, stage, boards, interrupt, composer };
}
