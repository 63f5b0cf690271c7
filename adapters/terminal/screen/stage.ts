import { createScreen, type Live, type ScreenOutput } from "./screen.ts";
import { type Steps, finish, inSlices } from "../../../src/slices.ts";
import { type BoardLook, createLook, createAgentColours, type Highlight } from "../render/look.ts";

/** The screen with its colours; redraws at most once per turn of the event loop. */
export interface Stage {
  readonly open: () => void;
  readonly look: () => BoardLook;
  /** From now on, code has colours. */
  readonly setHighlight: (highlight: Highlight) => void;
  readonly print: (lines: readonly string[]) => void;
  /** Prints a blank line and the result of the steps. A long text is laid out in slices, so keys keep working; later prints wait for it. */
  readonly printLater: (steps: Steps<readonly string[]>) => void;
  readonly redraw: () => void;
  readonly wipe: () => void;
  /** Writes a sequence that draws nothing. */
  readonly tell: (sequence: string) => void;
  readonly close: () => void;
}

export interface StageOptions {
  readonly output: ScreenOutput;
  readonly colour: boolean;
  readonly live: (look: BoardLook, rows: number) => Live;
}

export function createStage({ output, colour, live }: StageOptions): Stage {
  const screen = createScreen(output);
  const agentColour = createAgentColours();
  let highlight: Highlight | undefined;
  let isDue = false;
  const look = () => ({
    ...createLook(screen.size().columns, colour, { links: true, highlight }),
    agentColour,
  });
  const draw = () => {
    isDue = false;
    screen.draw(live(look(), screen.size().rows));
  };
  // A paste is many keys at once; draw once.
  const redraw = () => {
    if (!isDue) queueMicrotask(() => isDue && draw());
    isDue = true;
  };
  const resize = () => {
    screen.resized();
    redraw();
  };
  const printer = createPrinter((lines) => {
    draw();
    screen.print(lines);
  });
  return {
    open() {
      screen.open();
      output.on("resize", resize);
    },
    look,
    setHighlight: (loaded) => void (highlight = loaded),
    print: (lines) => printer.print(lines),
    printLater: (steps) => printer.printLater(steps),
    redraw,
    wipe: () => screen.wipe(),
    tell: (sequence) => screen.tell(sequence),
    close() {
      printer.finish();
      output.off("resize", resize);
      screen.close();
    },
  };
}

type Lines = readonly string[];

/** Prints in order, although some texts take long to lay out. */
export function createPrinter(print: (lines: Lines) => void) {
  const waiting: (Lines | Steps<Lines>)[] = [];
  let isBusy = false;

  const layOut = async (): Promise<void> => {
    isBusy = true;
    // The text stays in the queue while it is laid out, so `finish` can complete it.
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const lines = "next" in next ? await inSlices(next) : next;
      if (waiting[0] !== next) break;
      waiting.shift();
      print("next" in next ? ["", ...lines] : lines);
    }
    isBusy = false;
  };

  return {
    print(lines: Lines): void {
      if (isBusy) waiting.push(lines);
      else print(lines);
    },
    printLater(steps: Steps<Lines>): void {
      waiting.push(steps);
      if (!isBusy) void layOut();
    },
    /** Prints everything that waits now. */
    finish(): void {
      for (const next of waiting.splice(0)) print("next" in next ? ["", ...finish(next)] : next);
    },
  };
}
