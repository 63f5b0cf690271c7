import { z } from "zod";
import type { Clock } from "../../../src/clock.ts";
import type { AdapterState } from "../../../src/platform.ts";
import { sentAt } from "../parse/read-message.ts";
import { createRecent, type Recent } from "../recent.ts";
import { isAfter } from "../snowflake.ts";
import type { Message } from "../wire/message.ts";

/** Up to where messages of each shard have been heard, in whichever process. What is lost with it is looked at again: claims keep it from being answered twice. */
export interface Seen {
  note(message: Message, shard: number): void;
  /** When the last message of a shard was heard, ms since the epoch; undefined: there is no record. */
  at(shard: number): number | undefined;
  /** Direct channels of a shard with the last message heard in each: Discord does not list them. */
  direct(shard: number): readonly (readonly [channel: string, message: string])[];
  /** Reads the record of the process that had this one of so many shards before. */
  load(shard: number, count: number): Promise<void>;
  /** Writes the records. */
  save(): Promise<void>;
}

export interface SeenOptions {
  readonly state: AdapterState;
  readonly clock: Clock;
  readonly onProblem: (problem: unknown) => void;
}

const SAVE_MS = 5_000;
const MOST_DIRECT = 500;

const Stored = z.object({
  at: z.number().optional(),
  direct: z.array(z.tuple([z.string(), z.string()])).default([]),
});

interface Record {
  readonly key: string;
  at: number | undefined;
  readonly direct: Recent<string, string>;
  /** Since it was last written. */
  isNews: boolean;
}

/** Written at most every few seconds. */
export function createSeen({ state, clock, onProblem }: SeenOptions): Seen {
  const records = new Map<number, Record>();
  let cancel: (() => void) | undefined;
  let writing = Promise.resolve();

  const write = async (): Promise<void> => {
    for (const record of [...records.values()].filter(({ isNews }) => isNews)) {
      record.isNews = false;
      const { key, at, direct } = record;
      await state.put(key, JSON.stringify({ at, direct: direct.entries() }));
    }
  };
  const save = (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    writing = writing.then(write).catch(onProblem);
    return writing;
  };

  return {
    note(message, shard) {
      const record = records.get(shard);
      if (!record) return;
      record.at = Math.max(record.at ?? 0, sentAt(message));
      record.isNews = true;
      if (!message.guild_id) {
        const last = record.direct.get(message.channel_id);
        if (last === undefined || isAfter(message.id, last))
          record.direct.set(message.channel_id, message.id);
      }
      cancel ??= clock.setTimer(SAVE_MS, () => void save());
    },
    at: (shard) => records.get(shard)?.at,
    direct: (shard) => records.get(shard)?.direct.entries() ?? [],
    async load(shard, count) {
      const key = `seen:${shard}/${count}`;
      const { at, direct } = readStored(await state.get(key).catch(onProblem));
      const recent = createRecent<string, string>(MOST_DIRECT);
      for (const [channel, last] of direct) recent.set(channel, last);
      records.set(shard, { key, at, direct: recent, isNews: false });
    },
    save,
  };
}

/** A missing or broken record is none. */
function readStored(text: string | null | void): z.infer<typeof Stored> {
  try {
    return Stored.parse(JSON.parse(text ?? "{}"));
  } catch {
    return { direct: [] };
  }
}
