import type { Socket } from "node:net";
import { z } from "zod";

const Size = z.object({ columns: z.number().int().positive(), rows: z.number().int().positive() });

/** What a terminal that joins says first. */
const Hello = z.object({
  type: z.literal("hello"),
  version: z.string(),
  /** Where its relative paths start. */
  folder: z.string(),
  once: z.boolean(),
  json: z.boolean(),
  question: z.string().optional(),
  team: z.string().optional(),
  thread: z.string().optional(),
  continueLatest: z.boolean(),
  colour: z.boolean(),
  isDumb: z.boolean(),
  isTmux: z.boolean(),
  title: z.boolean(),
  bell: z.boolean(),
  /** Whether a shell's pipe or a file is its input. */
  isPiped: z.boolean(),
  isInputTerminal: z.boolean(),
  /** Absent: its output is no terminal. */
  size: Size.optional(),
});
export type Hello = z.infer<typeof Hello>;

/** What a joining terminal sends. */
export const ToHost = z.discriminatedUnion("type", [
  Hello,
  z.object({ type: z.literal("input"), text: z.string() }),
  z.object({ type: z.literal("input_end") }),
  z.object({ type: z.literal("size"), size: Size }),
]);
export type ToHost = z.infer<typeof ToHost>;

/** What the process that it joins sends. */
export const ToGuest = z.discriminatedUnion("type", [
  z.object({ type: z.literal("output"), text: z.string() }),
  z.object({ type: z.literal("error"), text: z.string() }),
  z.object({ type: z.literal("raw"), on: z.boolean() }),
  /** The open thread. */
  z.object({ type: z.literal("thread"), name: z.string() }),
  z.object({ type: z.literal("refused"), why: z.string() }),
  z.object({ type: z.literal("exit"), code: z.number() }),
]);
export type ToGuest = z.infer<typeof ToGuest>;

/** Writes one frame, a line of JSON. */
export const sendFrame = (socket: Socket, frame: ToHost | ToGuest, done?: () => void): void =>
  void socket.write(`${JSON.stringify(frame)}\n`, () => done?.());

/** Reads frames in order. A line that is none ends the connection, for both sides are of one version. */
export function readFrames<T>(
  socket: Socket,
  schema: z.ZodType<T>,
  onFrame: (frame: T) => void,
): void {
  let pieces: string[] = [];
  socket.setEncoding("utf8");
  socket.on("data", (chunk: Buffer | string) => {
    const lines = String(chunk).split("\n");
    for (const [index, piece] of lines.entries()) {
      pieces.push(piece);
      if (index === lines.length - 1) return;
      const line = pieces.join("");
      pieces = [];
      const frame = schema.safeParse(parseJson(line));
      if (!frame.success) return void socket.destroy();
      onFrame(frame.data);
    }
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
