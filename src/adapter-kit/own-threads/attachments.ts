import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, extname, join, resolve } from "node:path";
import type { AttachedFile } from "../../platform.ts";
import type { FileRecord } from "./thread-record.ts";

/** Copies of attached files, so that a thread keeps them when the originals move or change. */
export interface Attachments {
  /** Copies a file in. Rejects with what is wrong with it. */
  take(path: string): Promise<FileRecord>;
  /** The file as the models get it. */
  attached(record: FileRecord): AttachedFile;
}

// The largest file that a provider takes in one request (Gemini inline data: 20 MB).
const MOST_BYTES = 20 * 1024 * 1024;

export function createAttachments(folder: string): Attachments {
  return {
    async take(path) {
      const source = resolve(path.replace(/^~(?=\/|$)/, homedir()));
      const bytes = await readWhole(source);
      const record = {
        id: randomUUID(),
        name: basename(source),
        mediaType: mediaTypeOf(source, bytes),
        bytes: bytes.byteLength,
      };
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeWhole(join(folder, record.id), bytes);
      return record;
    },
    attached: (record) => ({
      ...record,
      async load(signal) {
        const bytes = await readFile(join(folder, record.id), { signal });
        if (bytes.byteLength > record.bytes)
          throw new Error(`The copy of ${record.name} is larger than it was: attach it again.`);
        return bytes;
      },
    }),
  };
}

async function readWhole(path: string): Promise<Uint8Array> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new Error(`There is no file ${path}.`, { cause });
  });
  if (!info.isFile()) throw new Error(`${path} is not a file.`);
  if (info.size > MOST_BYTES)
    throw new Error(`${path} has ${formatBytes(info.size)}; at most ${formatBytes(MOST_BYTES)}.`);
  return readFile(path);
}

/** The file gets its name only once it is complete. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(`${path}.part`, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".pdf": "application/pdf",
  ".json": "application/json",
  ".csv": "text/csv",
  ".html": "text/html",
  ".md": "text/markdown",
};

/** By extension; else text if it reads as UTF-8. */
function mediaTypeOf(path: string, bytes: Uint8Array): string {
  const known = MEDIA_TYPES[extname(path).toLowerCase()];
  if (known) return known;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return "text/plain";
  } catch {
    return "application/octet-stream";
  }
}

/** "950 B", "12 KB", "3.4 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kilobytes = bytes / 1024;
  if (kilobytes < 1024) return `${Math.round(kilobytes)} KB`;
  return `${(kilobytes / 1024).toFixed(1).replace(/\.0$/, "")} MB`;
}
