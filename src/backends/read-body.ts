import { createPause } from "../slices.ts";
import { leaveBody } from "./leave-body.ts";

/** Pieces of a text are handed on at most so often, ms: each goes a long way, and no status message shows more. */
const GAP_MS = 80;
/** Bytes. A reader that falls so far behind stops the reading. */
const MOST_HELD = 64 * 1024;
/** Network reads. Fewer do not block the event loop. */
const LEAST_BURST = 16;

type Chunks = readonly Uint8Array[];

/** The body of a response while it arrives. */
export interface BodyReading {
  /** Resolves to what has come, which may have waited for more; null: that was all. Rejects as the connection does, after what came before. */
  next(): Promise<Chunks | null>;
  /** Call once no more is needed. `isComplete`: the server has nothing to add. */
  close(isComplete: boolean): void;
}

/** Reads a body as it comes. Chunks wait for one another, at most `gapMs`; one that seems to end the reply, and the end, are handed on at once. */
export function readBody(stream: ReadableStream<Uint8Array>, gapMs = GAP_MS): BodyReading {
  const body = stream.getReader();
  const chunks = createChunks(gapMs);
  void fill(chunks, body);
  return {
    next: () => chunks.take(),
    close(isComplete) {
      chunks.leave();
      // Not awaited, because a hanging connection would block the reader.
      if (isComplete) void leaveBody(body);
      else body.cancel().catch(() => undefined);
    },
  };
}

type Body = ReadableStreamDefaultReader<Uint8Array>;

async function fill(chunks: ChunksHeld, body: Body): Promise<void> {
  const pause = createPause(LEAST_BURST);
  try {
    for (let one = await body.read(); !one.done; one = await body.read()) {
      if (chunks.isLeft()) return;
      if (!chunks.add(one.value)) await chunks.room();
      if (pause.isDue()) await pause.take();
    }
    chunks.end(null);
  } catch (error) {
    chunks.end({ error });
  }
}

/** Some servers keep the connection open behind the last event, so its signs count: finish reasons, end marks, errors. */
const LAST =
  /\[DONE\]|"(?:finish_?reason|stop_reason)": ?["\d]|message_stop|response\.(?:completed|incomplete|failed|done)|"done": ?true|error/i;

const seemsLast = ({ buffer, byteOffset, byteLength }: Uint8Array): boolean =>
  LAST.test(Buffer.from(buffer, byteOffset, byteLength).toString("latin1"));

interface Ending {
  /** Null: the body is complete. */
  readonly failed: { readonly error: unknown } | null;
}

type ChunksHeld = ReturnType<typeof createChunks>;

function createChunks(gapMs: number) {
  const door = createDoor(gapMs);
  let held: Uint8Array[] = [];
  let size = 0;
  let ending: Ending | null = null;
  let isLeft = false;
  let makeRoom: (() => void) | undefined;
  return {
    /** False: wait for `room`. */
    add(chunk: Uint8Array): boolean {
      held.push(chunk);
      size += chunk.length;
      const isFull = size >= MOST_HELD;
      if (isFull || seemsLast(chunk)) door.open();
      else door.openSoon();
      return !isFull || isLeft;
    },
    room: (): Promise<void> => new Promise((resolve) => (makeRoom = resolve)),
    end(failed: Ending["failed"]): void {
      ending = { failed };
      door.open();
    },
    isLeft: (): boolean => isLeft,
    async take(): Promise<Chunks | null> {
      await door.opened();
      if (held.length === 0 && ending?.failed) throw ending.failed.error;
      if (held.length === 0 && ending) return null;
      if (!ending) door.close();
      const taken = held;
      held = [];
      size = 0;
      makeRoom?.();
      return taken;
    },
    leave(): void {
      isLeft = true;
      door.close();
      makeRoom?.();
    },
  };
}
/** Where the reader waits. It opens at once, or soon: `gapMs` after it was closed. */
function createDoor(gapMs: number) {
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
      const left = closedAt + gapMs - performance.now();
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
