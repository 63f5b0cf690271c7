import type { Clock } from "../../../src/clock.ts";
import type { Api } from "../api/api.ts";
import type { DiscordSettings } from "../env.ts";
import { explainStart } from "../api/errors.ts";
import {
  type Connection,
  type Connections,
  type Cut,
  type Hear,
  readGatewayFacts,
} from "./connections.ts";
import type { HeldLock, TakeLock } from "../../../src/adapter-storage.ts";

export interface ShardsOptions {
  readonly settings: Pick<DiscordSettings, "shards" | "shardCount">;
  readonly api: Api;
  readonly connections: Connections;
  readonly take: TakeLock;
  readonly clock: Clock;
  /** Before a shard is connected. */
  readonly onTaking: (shard: number, count: number) => Promise<void>;
  /** The first shard of all is connected here. */
  readonly onFirst: () => Promise<void>;
  readonly onProblem: (problem: unknown) => void;
}

/** The shards that this process connects. */
export interface Shards {
  /** Connects those that are to be had, then watches over the others. Rejects with what to do about it. */
  start(hear: Hear): Promise<void>;
  /** Closes the connections; other processes may take the shards from then on. */
  stop(): Promise<void>;
}

/** Another process's shard is taken over within this time of its end, ms. */
const WATCH_MS = 250;
/** After a connection that could not be made, ms. */
const RETRY_MS = 5_000;

/**
 * The shards of DISCORD_SHARDS; with `auto` every shard is its owner's by a lock of the store, so that identical processes share them, and
 * those of one that dies go to the others.
 */
export function createShards(options: ShardsOptions): Shards {
  const { settings, clock, onProblem } = options;
  const heard: { hear: Hear } = { hear: () => {} };
  const owned = createOwned({ ...options, hear: (client) => heard.hear(client) });
  let cancelWatch = () => {};
  let isOver = false;

  /** Takes what is free, as many at once as may identify. */
  const takeFree = async (cut: Cut): Promise<void> => {
    const free = Array.from({ length: cut.count }, (_, id) => id).filter((id) => !owned.has(id));
    const work = async (): Promise<void> => {
      for (let next = free.shift(); next !== undefined; next = free.shift()) {
        if (!isOver) await owned.take(next, cut);
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: cut.atOnce }, work));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  };
  const watch = (cut: Cut, ms = WATCH_MS): void => {
    if (isOver) return;
    const failed = (problem: unknown) => {
      onProblem(problem);
      watch(cut, RETRY_MS);
    };
    cancelWatch = clock.setTimer(ms, () => void takeFree(cut).then(() => watch(cut), failed));
  };

  return {
    async start(hear) {
      heard.hear = hear;
      const facts = await readGatewayFacts(options.api).catch((error: unknown) => {
        throw explainStart(error);
      });
      const cut = { ...facts, count: settings.shardCount ?? facts.shards };
      if (settings.shards !== "auto") return owned.connect(settings.shards, cut, null);
      await takeFree(cut);
      watch(cut);
    },
    async stop() {
      isOver = true;
      cancelWatch();
      await owned.end();
    },
  };
}

interface Own {
  readonly connection: Connection;
  readonly lock: HeldLock | null;
}

/** What this process has connected, by the first shard of each connection. */
function createOwned({
  connections,
  onProblem,
  hear,
  ...options
}: ShardsOptions & { readonly hear: Hear }) {
  const owned = new Map<number, Own>();
  let isOver = false;

  const letGo = async (shard: number): Promise<void> => {
    const own = owned.get(shard);
    owned.delete(shard);
    await own?.connection.close();
    // A store that fails lets go of it by itself.
    await own?.lock?.release().catch(() => undefined);
  };
  const connect = async (
    ids: readonly number[],
    cut: Cut,
    lock: HeldLock | null,
  ): Promise<void> => {
    for (const shard of ids) await options.onTaking(shard, cut.count);
    const connection = await connections.open(ids, cut, hear);
    const name = ids[0] ?? 0;
    owned.set(name, { connection, lock });
    lock?.lost.addEventListener("abort", () => void letGo(name).catch(onProblem));
    if (isOver || lock?.lost.aborted) return letGo(name);
    if (ids.includes(0)) await options.onFirst();
  };
  return {
    has: (shard: number) => owned.has(shard),
    connect,
    /** Connects a shard if nobody has it. */
    async take(shard: number, cut: Cut): Promise<void> {
      const lock = await options.take(`discord:shard:${shard}/${cut.count}`);
      if (!lock) return;
      try {
        await connect([shard], cut, lock);
      } catch (error) {
        await lock.release();
        throw error;
      }
    },
    async end(): Promise<void> {
      isOver = true;
      await Promise.all([...owned.keys()].map(letGo));
    },
  };
}
