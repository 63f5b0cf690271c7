import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { createSlots } from "../slots.ts";

/** The text of a PDF, or why there is none. */
export type PdfText =
  | {
      /** Never blank. */
      readonly text: string;
      readonly pages: number;
      /** The first pages, whose text this is. */
      readonly read: number;
      readonly why?: undefined;
    }
  /** "it is protected with a password", after the file's name. */
  | { readonly text?: undefined; readonly why: string };

/** What reading one PDF may take. Enough for a book's text; a hostile file ends at any of them. */
const MOST_BYTES = 20_000_000;
const MOST_PAGES = 300;
const MOST_LENGTH = 400_000;
const MOST_MS = 15_000;
const MOST_MEMORY_MB = 256;
/** Each has a thread of its own. */
const MOST_AT_ONCE = 2;

const Message = z.union([
  z.object({ text: z.string(), pages: z.number(), read: z.number() }),
  z.object({ why: z.string() }),
]);

const { take: takeSlot } = createSlots(MOST_AT_ONCE);
const known = new WeakMap<Uint8Array, Promise<PdfText>>();

/** Reads a PDF's text in a thread of its own, once for the same bytes. Never rejects. */
export function readPdf(data: Uint8Array): Promise<PdfText> {
  const reading = known.get(data) ?? read(data);
  known.set(data, reading);
  return reading;
}

async function read(data: Uint8Array): Promise<PdfText> {
  if (data.length > MOST_BYTES) return { why: "it is too large" };
  const give = await takeSlot();
  try {
    return await readInThread(data);
  } catch {
    return { why: "its text could not be read" };
  } finally {
    give();
  }
}

async function readInThread(data: Uint8Array): Promise<PdfText> {
  const worker = new Worker(WORKER, {
    workerData: { data, maxPages: MOST_PAGES, maxLength: MOST_LENGTH },
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), MOST_MS);
  try {
    // An error of the thread, such as the end of its memory, rejects.
    const [message] = await once(worker, "message", { signal: ended.signal });
    const read = Message.parse(message);
    if ("why" in read) return read;
    return read.text.trim() === "" ? { why: "it contains no text, only pictures" } : read;
  } finally {
    clearTimeout(timer);
    worker.on("error", () => {});
    await worker.terminate();
  }
}

/** Node strips no types from what is installed, so there it is JavaScript. */
const WORKER = import.meta.url.endsWith(".ts")
  ? new URL("./pdf-worker.ts", import.meta.url)
  : new URL("./pdf-worker.js", import.meta.url);
