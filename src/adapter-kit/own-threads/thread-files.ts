import { mkdir, open, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StoredThread, ThreadLines } from "../../adapter-storage.ts";
import { createKeyedQueue } from "../queue/keyed-queue.ts";

const EXTENSION = ".jsonl";

/** Threads as files in a folder that only this process uses: one file per thread, one line per record. */
export function createThreadFiles(folder: string): ThreadLines {
  const queue = createKeyedQueue();
  /** What must stand before the next line of a file. */
  const prefixes = new Map<string, string>();
  return {
    isShared: false,
    async read(thread) {
      const text = await readFile(pathOf(folder, thread), "utf8").catch(ifMissing(undefined));
      // A process died while it wrote the last line: ends it, so that the next record has a line of its own.
      if (text) prefixes.set(thread, text.endsWith("\n") ? "" : "\n");
      return (text ?? "").split("\n");
    },
    append: (thread, line, durable) =>
      queue.run(thread, async () => {
        const prefix = prefixes.get(thread) ?? "";
        // Until the line stands whole.
        prefixes.set(thread, "\n");
        await appendLine(pathOf(folder, thread), `${prefix}${line}\n`, durable);
        prefixes.set(thread, "");
      }),
    list: () => listFiles(folder),
  };
}

async function appendLine(path: string, text: string, durable: boolean): Promise<void> {
  const isNew = await stat(path).then(() => false, ifMissing(true));
  // People's words: readable by nobody else.
  if (isNew) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "a", 0o600);
  try {
    await file.appendFile(text);
    if (durable) await file.sync();
  } finally {
    await file.close();
  }
  if (isNew && durable) await syncFolder(dirname(path));
}

/** A new file is only safe once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  // Some file systems cannot sync a folder; the file itself is synced.
  await folder.sync().catch(() => undefined);
  await folder.close();
}

async function listFiles(folder: string): Promise<readonly StoredThread[]> {
  const files = await readdir(folder).catch(ifMissing<string[]>([]));
  const entries = files
    .flatMap((file) => nameOf(file) ?? [])
    .map(async (name) => ({ name, changedAt: (await stat(pathOf(folder, name))).mtimeMs }));
  return (await Promise.all(entries)).sort((a, b) => b.changedAt - a.changedAt);
}

const pathOf = (folder: string, name: string): string =>
  join(folder, `${encodeURIComponent(name)}${EXTENSION}`);

/** The thread that a file holds; undefined for a file that is not ours. */
function nameOf(file: string): string | undefined {
  if (!file.endsWith(EXTENSION)) return undefined;
  try {
    const name = decodeURIComponent(file.slice(0, -EXTENSION.length));
    return pathOf("", name) === file ? name : undefined;
  } catch {
    return undefined;
  }
}

const ifMissing =
  <T>(value: T) =>
  (error: unknown): T => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return value;
    throw error;
  };
