import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Clock } from "../../../src/clock.ts";
import { sentAt } from "../parse/read-message.ts";
import { createRecent } from "../recent.ts";
import { isAfter } from "../snowflake.ts";
import type { Message } from "../wire/message.ts";

/** Up to where messages have been heard. What is lost with it is looked at again: claims keep it from being answered twice. */
export interface Seen {
  note(message: Message): void;
  /** When the last message was heard, ms since the epoch; undefined: there is no record. */
  at(): number | undefined;
  /** Direct channels with the last message heard in each: Discord does not list them. */
  direct(): readonly (readonly [channel: string, message: string])[];
  /** Reads the record of an earlier process. */
  load(): Promise<void>;
  /** Writes the record. */
  save(): Promise<void>;
}

export interface SeenOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly onProblem: (problem: unknown) => void;
}

const SAVE_MS = 5_000;
const MOST_DIRECT = 500;

const Record = z.object({
  at: z.number().optional(),
  direct: z.array(z.tuple([z.string(), z.string()])).default([]),
});

/** Kept in a small file of its own, written at most every few seconds. */
export function createSeen({ path, clock, onProblem }: SeenOptions): Seen {
  const direct = createRecent<string, string>(MOST_DIRECT);
  let at: number | undefined;
  let cancel: (() => void) | undefined;
  let writing = Promise.resolve();

  const write = async (): Promise<void> => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(`${path}.part`, JSON.stringify({ at, direct: direct.entries() }), {
      mode: 0o600,
    });
    await rename(`${path}.part`, path);
  };
  const save = (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    writing = writing.then(write).catch(onProblem);
    return writing;
  };

  return {
    note(message) {
      at = Math.max(at ?? 0, sentAt(message));
      if (!message.guild_id) {
        const last = direct.get(message.channel_id);
        if (last === undefined || isAfter(message.id, last))
          direct.set(message.channel_id, message.id);
      }
      cancel ??= clock.setTimer(SAVE_MS, () => void save());
    },
    at: () => at,
    direct: () => direct.entries(),
    async load() {
      const record = await readRecord(path);
      at = record?.at;
      for (const [channel, last] of record?.direct ?? []) direct.set(channel, last);
    },
    save: () => (at === undefined ? Promise.resolve() : save()),
  };
}

/** A missing or broken record is none. */
async function readRecord(path: string): Promise<z.infer<typeof Record> | undefined> {
  try {
    return Record.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}
