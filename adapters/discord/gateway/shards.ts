import { Routes } from "discord.js";
import type { HeldLock, TakeLock } from "../../../src/adapter-storage.ts";
import type { Clock } from "../../../src/clock.ts";
import type { Api } from "../api/api.ts";
import { explainStart } from "../api/errors.ts";
import type { DiscordSettings } from "../env.ts";
import { GatewayBot } from "../wire/answers.ts";
import type { Connection, Connections, Listen, ShardPlan } from "./connections.ts";

export interface ShardsOptions {
  readonly settings: Pick<DiscordSettings, "shards" | "shardCount">;
  readonly api: Api;
  readonly connections: Connections;
  readonly take: TakeLock;
  readonly clock: Clock;
  /** Awaited before a shard connects. */
  readonly onConnecting: (shard: number, count: number) => Promise<void>;
  /** Shard 0 connected in this process. */
  readonly onFirstShard: () => Promise<void>;
  readonly onProblem: (problem: unknown) => void;
}

/** The shards that this process connects. */
export interface Shards {
  /** Connects the shards that are free, then polls for others. Rejects with a `SettingsError`. */
  start(listen: Listen): Promise<void>;
  /** Closes the connections. Other processes can then take the shards. */
  stop(): Promise<void>;
}

/** How soon a shard of another process is taken over when that process ends, ms. */
const POLL_MS = 250;
/** After a connection failed, ms. */
const RETRY_MS = 5_000;

/**
 * Connects the shards of DISCORD_SHARDS. With `auto`, a lock in the store gives each shard one owner: identical processes divide the
 * shards, and take over those of a process that dies.
 */
export function createShards(options: ShardsOptions): Shards {
  const { settings, api, clock, onProblem } = options;
  const listener: { listen: Listen } = { listen: () => {} };
  const owned = createOwnedShards({ ...options, listen: (client) => listener.listen(client) });
  let cancelPoll = () => {};
  let isStopped = false;

  /** Takes the free shards, as many in parallel as may identify. */
  const takeFree = async (plan: ShardPlan): Promise<void> => {
    const free = Array.from({ length: plan.count }, (_, id) => id).filter((id) => !owned.has(id));
    const work = async (): Promise<void> => {
      for (let next = free.shift(); next !== undefined; next = free.shift()) {
        if (!isStopped) await owned.take(next, plan);
      }
    };
    const results = await Promise.allSettled(Array.from({ length: plan.atOnce }, work));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  };
  const poll = (plan: ShardPlan, ms = POLL_MS): void => {
    if (isStopped) return;
    const onFailed = (problem: unknown) => {
      onProblem(problem);
      poll(plan, RETRY_MS);
    };
    cancelPoll = clock.setTimer(ms, () => void takeFree(plan).then(() => poll(plan), onFailed));
  };

  return {
    async start(listen) {
      listener.listen = listen;
      const plan = await readPlan(api, settings.shardCount);
      if (settings.shards !== "auto") return owned.connect(settings.shards, plan, null);
      await takeFree(plan);
      poll(plan);
    },
    async stop() {
      isStopped = true;
      cancelPoll();
      await owned.close();
    },
  };
}

/** `count`: overrides the number of shards that Discord recommends. */
async function readPlan(api: Api, count: number | undefined): Promise<ShardPlan> {
  const call = {
    method: "GET",
    route: Routes.gatewayBot(),
    what: "asking for the gateway",
  } as const;
  const { shards, session_start_limit: limit } = await api
    .call(call, GatewayBot)
    .catch((error: unknown) => {
      throw explainStart(error);
    });
  return { count: count ?? shards, atOnce: limit.max_concurrency };
}

interface OwnedShard {
  readonly connection: Connection;
  readonly lock: HeldLock | null;
}

interface OwnedShardsOptions extends Pick<
  ShardsOptions,
  "connections" | "take" | "onConnecting" | "onFirstShard" | "onProblem"
> {
  readonly listen: Listen;
}

/** The connections of this process, by the first shard of each. */
function createOwnedShards(options: OwnedShardsOptions) {
  const { connections, onProblem, listen } = options;
  const owned = new Map<number, OwnedShard>();
  let isClosed = false;

  const release = async (shard: number): Promise<void> => {
    const own = owned.get(shard);
    owned.delete(shard);
    await own?.connection.close();
    // A failing store drops the lock by itself.
    await own?.lock?.release().catch(() => undefined);
  };
  const connect = async (
    ids: readonly number[],
    plan: ShardPlan,
    lock: HeldLock | null,
  ): Promise<void> => {
    for (const shard of ids) await options.onConnecting(shard, plan.count);
    const connection = await connections.open(ids, plan, listen);
    const first = ids[0] ?? 0;
    owned.set(first, { connection, lock });
    lock?.lost.addEventListener("abort", () => void release(first).catch(onProblem));
    if (isClosed || lock?.lost.aborted) return release(first);
    if (ids.includes(0)) await options.onFirstShard();
  };
  return {
    has: (shard: number) => owned.has(shard),
    connect,
    /** Connects a shard that no process has. */
    async take(shard: number, plan: ShardPlan): Promise<void> {
      const lock = await options.take(`discord:shard:${shard}/${plan.count}`);
      if (!lock) return;
      try {
        await connect([shard], plan, lock);
      } catch (error) {
        await lock.release();
        throw error;
      }
    },
    async close(): Promise<void> {
      isClosed = true;
      await Promise.all([...owned.keys()].map(release));
    },
  };
}
