import type { Clock } from "../../clock.ts";
import { createMoveTools, type MoveTools } from "./move-tools/move-tools.ts";
import { createPool, type Pool, type PoolOptions, type Worker } from "./pool.ts";
import { createPrivateFolders, type PrivateFolders } from "./private-folders.ts";
import { memoryOf } from "./process-group.ts";

/** What all CLI agents of this Parley share. */
export interface CliHost {
  readonly clock: Clock;
  readonly folders: PrivateFolders;
  /** Through which agents hand in answers and votes. */
  readonly tools: MoveTools;
  /** Pools of workers, one for each key, which ends them with the host. */
  pools<W extends Worker>(): Pools<W>;
  /** Ends all CLIs and removes their folders. Never rejects. */
  close(): Promise<void>;
}

/** The key says what makes a worker of no use to another move: program, version, model, log-in, system prompt. */
export interface Pools<W extends Worker> {
  of(key: string, options: Pick<PoolOptions<W>, "movesAtOnce" | "most" | "start">): Pool<W>;
}

export interface CliHostOptions {
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** Parley's data folder. */
  readonly dataFolder: string;
  /** Of this process. */
  readonly pid: number;
}

/** Wipes what a Parley that died left in the data folder. */
export function createCliHost(options: CliHostOptions): CliHost {
  const { clock } = options;
  const folders = createPrivateFolders(options);
  const tools = createMoveTools();
  const wiped = folders.wipeLeft();
  const all = new Set<Pick<Pool<Worker>, "close">>();
  return {
    clock,
    folders,
    tools,
    pools<W extends Worker>() {
      const pools = new Map<string, Pool<W>>();
      return {
        of(key: string, own: Pick<PoolOptions<W>, "movesAtOnce" | "most" | "start">) {
          const pool = pools.get(key) ?? createPool({ ...own, clock, memoryOf });
          pools.set(key, pool);
          all.add(pool);
          return pool;
        },
      };
    },
    async close() {
      await wiped;
      await Promise.all([...all].map((pool) => pool.close()));
      await tools.close();
      await folders.close();
    },
  };
}
