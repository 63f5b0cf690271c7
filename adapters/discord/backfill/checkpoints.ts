import { z } from "zod";
import { type BoundedMap, createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import type { AdapterState } from "../../../src/adapter-storage.ts";
import { sentAt } from "../parse/read-message.ts";
import { isAfter } from "../ids.ts";
import type { Message } from "../wire/message.ts";

/** Up to where messages of each shard have been heard, in whichever process. What is lost with it is looked at again: claims keep it from being answered twice. */
export interface Seen {
  note(message: Message, shard: number): void;
  /** Up to when all messages of a shard have been heard, ms since the epoch; undefined: there is no record. */
  at(shard: number): number | undefined;
  /** What was missed before is being looked for: `at` stays where it is, also for the next process, until the latest hold is released. */
  hold(shard: number): () => void;
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
  /** When the last message was written. */
  latest: number;
  /** The latest hold, while it lasts. */
  hold: symbol | null;
  readonly direct: BoundedMap<string, string>;
  /** Since it was last written. */
  isNews: boolean;
}

export function createSeen(options: SeenOptions): Seen {
  const { state, onProblem } = options;
  const records = new Map<number, Record>();
  const { changed, save } = createWriter(options, records);
  return {
    note(message, shard) {
      const record = records.get(shard);
      if (!record) return;
      record.latest = Math.max(record.latest, sentAt(message));
      if (!record.hold) record.at = record.latest;
      if (!message.guild_id) {
        const last = record.direct.get(message.channel_id);
        if (last === undefined || isAfter(message.id, last))
          record.direct.set(message.channel_id, message.id);
      }
      changed(record);
    },
    at: (shard) => records.get(shard)?.at,
    hold(shard) {
      const hold = Symbol();
      const record = records.get(shard);
      if (record) record.hold = hold;
      return () => {
        if (record?.hold !== hold) return;
        record.hold = null;
        record.at = record.latest || undefined;
        changed(record);
      };
    },
    direct: (shard) => records.get(shard)?.direct.entries() ?? [],
    async load(shard, count) {
      const key = `seen:${shard}/${count}`;
      const { at, direct } = readStored(await state.get(key).catch(onProblem));
      const recent = createBoundedMap<string, string>(MOST_DIRECT);
      for (const [channel, last] of direct) recent.set(channel, last);
      records.set(shard, { key, at, latest: at ?? 0, hold: null, direct: recent, isNews: false });
    },
    save,
  };
}

/** Writes at most every few seconds. */
function createWriter(
  { state, clock, onProblem }: SeenOptions,
  records: ReadonlyMap<number, Record>,
) {
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
    save,
    changed: (record: Record): void => {
      record.isNews = true;
      cancel ??= clock.setTimer(SAVE_MS, () => void save());
    },
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

/** What a process heard last in each channel. */
export interface Heard {
  note(message: Pick<Message, "id" | "channel_id" | "guild_id">, shard: number): void;
  /** A shard begins a new session: what is heard from now on says nothing about what was missed. */
  begins(shard: number): void;
  /** As it stood when the shard's session began. */
  before(shard: number): HeardBefore;
}

export interface HeardBefore {
  /** Id of the last message; undefined: nothing was heard there. */
  last(channel: string): string | undefined;
  /** Channels of servers, the longest silent first. */
  channels(): readonly { readonly id: string; readonly guild_id: string }[];
}

interface Entry {
  readonly last: string;
  readonly guild: string;
  readonly shard: number;
}

const MOST = 2_000;

export function createHeard(): Heard {
  const now = createBoundedMap<string, Entry>(MOST);
  const sessions = new Map<number, ReadonlyMap<string, Entry>>();
  return {
    note: ({ id, channel_id: channel, guild_id: guild }, shard) =>
      now.set(channel, { last: id, guild: guild ?? "", shard }),
    begins: (shard) =>
      void sessions.set(shard, new Map(now.entries().filter(([, entry]) => entry.shard === shard))),
    before(shard) {
      const channels = sessions.get(shard) ?? new Map<string, Entry>();
      return {
        last: (channel) => channels.get(channel)?.last,
        channels: () =>
          [...channels].flatMap(([id, { guild }]) =>
            guild === "" ? [] : [{ id, guild_id: guild }],
          ),
      };
    },
  };
}
