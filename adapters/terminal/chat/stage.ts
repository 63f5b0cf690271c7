import { createAgentColours } from "../render/agent-colours.ts";
import { createLook } from "../render/paint.ts";
import type { BoardLook } from "../render/render-board.ts";
import { createPrinter } from "./printer.ts";
import { createScreen } from "./screen.ts";
import type { Live, ScreenOutput } from "./screen.ts";
import type { Steps } from "../../../src/slices.ts";

/** The screen with its looks; redraws at most once per turn of the event loop. */
export interface Stage {
  open(): void;
  look(): BoardLook;
  print(lines: readonly string[]): void;
  /** A blank line and what the steps come to. A long text is laid out in slices, while keys go on working; what is printed meanwhile follows it. */
  printLater(steps: Steps<readonly string[]>): void;
  redraw(): void;
  wipe(): void;
  close(): void;
}

export interface StageOptions {
  readonly output: ScreenOutput;
  readonly colour: boolean;
  readonly live: (look: BoardLook, rows: number) => Live;
}

export function createStage({ output, colour, live }: StageOptions): Stage {
  const screen = createScreen(output);
  const agentColour = createAgentColours();
  let isDue = false;
  const look = () => ({ ...createLook(screen.size().columns, colour), agentColour });
  const draw = () => {
    isDue = false;
    screen.draw(live(look(), screen.size().rows));
  };
  // A pasted text comes as many keys in one go: one picture is enough.
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
    print: (lines) => printer.print(lines),
    printLater: (steps) => printer.printLater(steps),
    redraw,
    wipe: () => screen.wipe(),
    close() {
      printer.finish();
      output.off("resize", resize);
      screen.close();
    },
  };
}
