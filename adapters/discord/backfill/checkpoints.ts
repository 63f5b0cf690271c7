import { z } from "zod";
import type { AdapterState } from "../../../src/adapter-storage.ts";
import { type BoundedMap, createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import { isNewerId } from "../ids.ts";
import { sentAt } from "../parse/read-message.ts";
import type { Message } from "../wire/message.ts";

/** How far each shard has handled its messages, in whichever process. If a checkpoint is lost, messages are read again; claims prevent double answers. */
export interface ShardCheckpoints {
  note(message: Message, shard: number): void;
  /** Time up to which all messages of the shard are handled, ms since the epoch; undefined: no record. */
  at(shard: number): number | undefined;
  /** A backfill starts: `at` does not advance, for other processes either, until the latest hold is released. */
  hold(shard: number): () => void;
  /** The shard's direct channels with their last message: Discord does not list them. */
  direct(shard: number): readonly (readonly [channel: string, message: string])[];
  /** Reads the record of the process that had this shard before. `count`: shards of the bot. */
  load(shard: number, count: number): Promise<void>;
  /** Writes the records now. */
  save(): Promise<void>;
}

export interface CheckpointOptions {
  readonly state: AdapterState;
  readonly clock: Clock;
  readonly onProblem: (problem: unknown) => void;
}

const SAVE_MS = 5_000;
const MAX_DIRECT_CHANNELS = 500;

const Stored = z.object({
  at: z.number().optional(),
  direct: z.array(z.tuple([z.string(), z.string()])).default([]),
});

interface Checkpoint {
  readonly key: string;
  at: number | undefined;
  /** When the last message was written. */
  latest: number;
  /** The latest hold, while it lasts. */
  hold: symbol | null;
  readonly direct: BoundedMap<string, string>;
  /** Changed since it was last saved. */
  isDirty: boolean;
}

export function createShardCheckpoints(options: CheckpointOptions): ShardCheckpoints {
  const { state, onProblem } = options;
  const checkpoints = new Map<number, Checkpoint>();
  const { changed, save } = createWriter(options, checkpoints);
  return {
    note(message, shard) {
      const checkpoint = checkpoints.get(shard);
      if (!checkpoint) return;
      checkpoint.latest = Math.max(checkpoint.latest, sentAt(message));
      if (!checkpoint.hold) checkpoint.at = checkpoint.latest;
      if (!message.guild_id) {
        const last = checkpoint.direct.get(message.channel_id);
        if (last === undefined || isNewerId(message.id, last))
          checkpoint.direct.set(message.channel_id, message.id);
      }
      changed(checkpoint);
    },
    at: (shard) => checkpoints.get(shard)?.at,
    hold(shard) {
      const hold = Symbol();
      const checkpoint = checkpoints.get(shard);
      if (checkpoint) checkpoint.hold = hold;
      return () => {
        if (checkpoint?.hold !== hold) return;
        checkpoint.hold = null;
        checkpoint.at = checkpoint.latest || undefined;
        changed(checkpoint);
      };
    },
    direct: (shard) => checkpoints.get(shard)?.direct.entries() ?? [],
    async load(shard, count) {
      const key = `seen:${shard}/${count}`;
      const { at, direct } = readStored(await state.get(key).catch(onProblem));
      const recent = createBoundedMap<string, string>(MAX_DIRECT_CHANNELS);
      for (const [channel, last] of direct) recent.set(channel, last);
      const latest = at ?? 0;
      checkpoints.set(shard, { key, at, latest, hold: null, direct: recent, isDirty: false });
    },
    save,
  };
}

/** Saves at most every few seconds. */
function createWriter(
  { state, clock, onProblem }: CheckpointOptions,
  checkpoints: ReadonlyMap<number, Checkpoint>,
) {
  let cancel: (() => void) | undefined;
  let writing = Promise.resolve();
  const write = async (): Promise<void> => {
    for (const checkpoint of [...checkpoints.values()].filter(({ isDirty }) => isDirty)) {
      checkpoint.isDirty = false;
      const { key, at, direct } = checkpoint;
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
    changed: (checkpoint: Checkpoint): void => {
      checkpoint.isDirty = true;
      cancel ??= clock.setTimer(SAVE_MS, () => void save());
    },
  };
}

/** A missing or broken record counts as none. */
function readStored(text: string | null | void): z.infer<typeof Stored> {
  try {
    return Stored.parse(JSON.parse(text ?? "{}"));
  } catch {
    return { direct: [] };
  }
}

/** The last message of each channel that this process received. */
export interface LastMessageIds {
  note(message: Pick<Message, "id" | "channel_id" | "guild_id">, shard: number): void;
  /** A shard starts a new session: messages from now on say nothing about what it missed. */
  startSession(shard: number): void;
  /** The ids as they were when the shard's session started. */
  beforeSession(shard: number): IdsBeforeSession;
}

export interface IdsBeforeSession {
  /** Id of the channel's last message; undefined: none was received. */
  last(channel: string): string | undefined;
  /** Channels of servers; the one that was silent longest comes first. */
  channels(): readonly { readonly id: string; readonly guild_id: string }[];
}

interface LastMessage {
  readonly id: string;
  readonly guild: string;
  readonly shard: number;
}

const MAX_CHANNELS = 2_000;

export function createLastMessageIds(): LastMessageIds {
  const now = createBoundedMap<string, LastMessage>(MAX_CHANNELS);
  const sessions = new Map<number, ReadonlyMap<string, LastMessage>>();
  return {
    note: ({ id, channel_id: channel, guild_id: guild }, shard) =>
      now.set(channel, { id, guild: guild ?? "", shard }),
    startSession: (shard) =>
      void sessions.set(shard, new Map(now.entries().filter(([, last]) => last.shard === shard))),
    beforeSession(shard) {
      const channels = sessions.get(shard) ?? new Map<string, LastMessage>();
      return {
        last: (channel) => channels.get(channel)?.id,
        channels: () =>
          [...channels].flatMap(([id, { guild }]) =>
            guild === "" ? [] : [{ id, guild_id: guild }],
          ),
      };
    },
  };
}
