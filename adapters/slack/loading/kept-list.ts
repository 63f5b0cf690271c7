import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { ConversationId } from "../../../src/ids.ts";

/** Conversations that outlive the process, in a file. */
export interface KeptList {
  /** What an earlier process left; empty when the file was missing or broken. */
  readonly leftovers: readonly ConversationId[];
  add(conversation: ConversationId): void;
  remove(conversation: ConversationId): void;
  /** Resolves when all changes are on the disk, or cannot be. */
  settled(): Promise<void>;
}

/** Reads the file; never rejects. */
export async function openKeptList(
  path: string,
  onProblem: (problem: unknown) => void,
): Promise<KeptList> {
  const leftovers = await load(path);
  const kept = new Set(leftovers);
  let saving: Promise<void> | undefined;
  let isStale = false;
  const save = async (): Promise<void> => {
    try {
      await mkdir(dirname(path), { recursive: true });
      while (isStale) {
        isStale = false;
        await writeFile(`${path}.new`, JSON.stringify([...kept]));
        await rename(`${path}.new`, path);
      }
    } catch (problem) {
      onProblem(problem);
    } finally {
      saving = undefined;
    }
  };
  const change = (): void => {
    isStale = true;
    saving ??= save();
  };
  return {
    leftovers,
    add(conversation) {
      if (kept.has(conversation)) return;
      kept.add(conversation);
      change();
    },
    remove(conversation) {
      if (kept.delete(conversation)) change();
    },
    settled: async () => saving,
  };
}

async function load(path: string): Promise<readonly ConversationId[]> {
  try {
    return z.array(ConversationId).parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return [];
  }
}
