import { createPause } from "../slices.ts";
import type { BackendEvent } from "./backend.ts";

/** Deltas are handed on at most so often, ms: each goes a long way, and no status message shows more. */
const GAP_MS = 80;
/** Events. A reader that falls so far behind stops the reading. */
const MOST_HELD = 2_000;
/** Network reads. Fewer do not block the event loop. */
const LEAST_BURST = 16;

/** Resolves to the next events of a reply; null: that were all. */
export type ReadEvents = () => Promise<readonly BackendEvent[] | null>;

/**
 * Reads events as they come, and yields them in batches. Deltas wait for one another, at most `GAP_MS`, and become one; any other event and the end
 * come at once. Throws what `read` throws, after the events before it.
 */
export async function* inPieces(read: ReadEvents): AsyncGenerator<readonly BackendEvent[]> {
  const pieces = createPieces();
  void fill(pieces, read);
  try {
    for (let batch = await pieces.take(); batch; batch = await pieces.take()) yield batch;
  } finally {
    pieces.leave();
  }
}

async function fill(pieces: Pieces, read: ReadEvents): Promise<void> {
  const pause = createPause(LEAST_BURST);
  try {
    for (let events = await read(); events; events = await read()) {
      if (!pieces.add(events)) await pieces.room();
      if (pause.isDue()) await pause.take();
    }
    pieces.end(null);
  } catch (error) {
    pieces.end({ error });
  }
}

interface Ending {
  /** Null: the reply is complete. */
  readonly failed: { readonly error: unknown } | null;
}

type Pieces = ReturnType<typeof createPieces>;

function createPieces() {
  const held = createHeld();
  const door = createDoor();
  let ending: Ending | null = null;
  let isLeft = false;
  let makeRoom: (() => void) | undefined;
  return {
    /** False: wait for `room`. */
    add(events: readonly BackendEvent[]): boolean {
      held.add(events);
      if (held.isFull() || !events.every(isDelta)) door.open();
      else if (!held.isEmpty()) door.openSoon();
      return isLeft || !held.isFull();
    },
    room: (): Promise<void> => new Promise((resolve) => (makeRoom = resolve)),
    end(failed: Ending["failed"]): void {
      ending = { failed };
      door.open();
    },
    /** Null after the last batch. */
    async take(): Promise<readonly BackendEvent[] | null> {
      await door.opened();
      if (held.isEmpty() && ending?.failed) throw ending.failed.error;
      if (held.isEmpty() && ending) return null;
      if (!ending) door.close();
      makeRoom?.();
      return held.take();
    },
    leave(): void {
      isLeft = true;
      door.close();
      makeRoom?.();
    },
  };
}

/** Events that wait to be handed on. */
function createHeld() {
  let events: BackendEvent[] = [];
  let count = 0;
  return {
    add(more: readonly BackendEvent[]): void {
      for (const event of more) join(events, event);
      count += more.length;
    },
    isEmpty: (): boolean => events.length === 0,
    isFull: (): boolean => count >= MOST_HELD,
    take(): readonly BackendEvent[] {
      const taken = events;
      events = [];
      count = 0;
      return taken;
    },
  };
}

/** Where the reader waits. It opens at once, or soon: `GAP_MS` after it was closed. */
function createDoor() {
  let isOpen = false;
  let closedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let wake: (() => void) | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const open = (): void => {
    stop();
    isOpen = true;
    wake?.();
  };
  return {
    open,
    openSoon(): void {
      if (timer || isOpen) return;
      const left = closedAt + GAP_MS - performance.now();
      if (left <= 0) open();
      else timer = setTimeout(open, left);
    },
    close(): void {
      stop();
      isOpen = false;
      closedAt = performance.now();
    },
    async opened(): Promise<void> {
      while (!isOpen) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

const isDelta = ({ type }: BackendEvent): boolean =>
  type === "text" || type === "thinking" || type === "alive";

/** Adds an event. A delta becomes one with the delta before it. */
function join(held: BackendEvent[], event: BackendEvent): void {
  const last = held.at(-1);
  const joined = last && joinedDelta(last, event);
  if (joined) held[held.length - 1] = joined;
  else held.push(event);
}

function joinedDelta(one: BackendEvent, next: BackendEvent): BackendEvent | null {
  if (next.type === "alive") return joinedSign(one, next);
  if (one.type === "text" && next.type === "text" && one.tentative === next.tentative) {
    return { ...one, text: one.text + next.text };
  }
  if (one.type === "thinking" && next.type === "thinking") {
    return { type: "thinking", text: one.text + next.text };
  }
  return null;
}

/** A bare sign of life behind another event says nothing. */
function joinedSign(
  one: BackendEvent,
  { usage, written }: Extract<BackendEvent, { type: "alive" }>,
): BackendEvent | null {
  if (usage === undefined && written === undefined) return one;
  if (one.type !== "alive") return null;
  const all = (one.written ?? "") + (written ?? "");
  return { ...one, ...(usage && { usage }), ...(all !== "" && { written: all }) };
}
