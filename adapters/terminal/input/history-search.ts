import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";
import { createPause } from "../../../src/slices.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import type { Choice } from "./menu.ts";

/** Threads that a search reads, the latest ones. */
const MOST_THREADS = 200;
const MOST_MATCHES = 50;

/** What the person wrote in all threads, the latest first, each text once. */
export async function everythingWritten(threads: Threads): Promise<readonly string[]> {
  const texts = new Map<string, number>();
  const pause = createPause();
  for (const { name } of (await threads.list()).slice(0, MOST_THREADS)) {
    const thread = await threads.open(name).catch(() => undefined);
    for (const { author, text, at } of thread?.messages() ?? []) {
      if (author.kind === "person") texts.set(text, Math.max(at, texts.get(text) ?? 0));
    }
    if (pause.isDue()) await pause.take();
  }
  return [...texts].sort(([, a], [, b]) => b - a).map(([text]) => text);
}

/** The texts that contain all words of the query, in any case. */
export function searchWritten(texts: readonly string[], query: string): readonly Choice[] {
  const words = query.toLowerCase().split(/\s+/);
  const found: Choice[] = [];
  for (const text of texts) {
    const lower = text.toLowerCase();
    if (!words.every((word) => lower.includes(word))) continue;
    found.push({ line: text, label: cleanLine(text.slice(0, 200)), about: "", isWhole: false });
    if (found.length === MOST_MATCHES) break;
  }
  return found;
}
