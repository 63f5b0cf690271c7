import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ThreadRecord } from "./thread-record.ts";

/** An append-only file of records, one JSON object a line. */
export interface RecordLog {
  /** Resolves when the line is written, and on the disk if `durable`. In the order called. */
  append(record: ThreadRecord, durable: boolean): Promise<void>;
}

/** Reads a log and opens it for appending. A torn line (the process or the machine died while writing) is passed over. */
export async function openRecordLog(
  path: string,
): Promise<{ log: RecordLog; records: readonly ThreadRecord[] }> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  const records = (text ?? "").split("\n").flatMap(parseLine);
  return { log: createLog(path, text), records };
}

function createLog(path: string, existing: string | undefined): RecordLog {
  let created = existing !== undefined;
  // What a torn line began is ended, so that the next record stands on a line of its own.
  let prefix = existing === undefined || existing === "" || existing.endsWith("\n") ? "" : "\n";
  let last: Promise<void> = Promise.resolve();
  // What people write is theirs: readable by nobody else.
  const write = async (record: ThreadRecord, durable: boolean) => {
    if (!created) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, "a", 0o600);
    try {
      await file.appendFile(`${prefix}${JSON.stringify(record)}\n`);
      prefix = "";
      if (durable) await file.sync();
    } catch (error) {
      prefix = "\n";
      throw error;
    } finally {
      await file.close();
    }
    if (!created && durable) await syncFolder(dirname(path));
    created = true;
  };
  return {
    append(record, durable) {
      const written = last.then(() => write(record, durable));
      last = written.catch(() => undefined);
      return written;
    },
  };
}

/** A new file is only safe once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  // Some file systems cannot sync a folder; the file itself is synced.
  await folder.sync().catch(() => undefined);
  await folder.close();
}

function parseLine(line: string): readonly ThreadRecord[] {
  if (line.trim() === "") return [];
  try {
    const { success, data } = ThreadRecord.safeParse(JSON.parse(line));
    return success ? [data] : [];
  } catch {
    return [];
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";
