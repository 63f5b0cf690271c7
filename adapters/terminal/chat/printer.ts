import { finish, inSlices, type Steps } from "../../../src/slices.ts";

type Lines = readonly string[];

/** Prints in order, though some of it takes a while to lay out. */
export function createPrinter(print: (lines: Lines) => void) {
  const waiting: (Lines | Steps<Lines>)[] = [];
  let isBusy = false;

  const layOut = async (): Promise<void> => {
    isBusy = true;
    // What is being laid out stays in the queue: whoever cannot wait finishes it.
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
    /** Prints at once all that waits. */
    finish(): void {
      for (const next of waiting.splice(0)) print("next" in next ? ["", ...finish(next)] : next);
    },
  };
}
