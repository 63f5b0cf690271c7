import type { KeyedQueue } from "../../../src/adapter-kit/queue/keyed-queue.ts";
import type { Clock } from "../../../src/clock.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { Intake, Rights } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { Guilds } from "../guilds/guilds.ts";
import type { Heard, Seen } from "../backfill/checkpoints.ts";
import type { Readers } from "../parse/read-message.ts";
import type { Who } from "../guilds/people.ts";
import type { Channels } from "../threads/channels.ts";
import type { Threads } from "../threads/open-thread.ts";
import { isTransient, retry } from "../../../src/adapter-kit/queue/retry.ts";

/** What taking an event on may need. */
export interface IntakePorts {
  readonly intake: Intake;
  readonly api: Api;
  readonly guilds: Guilds;
  readonly identity: () => Promise<string>;
  readonly channels: Channels;
  readonly threads: Threads;
  readonly readers: Readers;
  readonly standingOf: (who: Who) => Rights;
  /** By channel, so that its messages are taken on in order. */
  readonly queue: KeyedQueue;
  readonly clock: Clock;
  readonly listening: CommandPorts["listening"];
  /** How old a message may be that is still answered though nobody took it on when it was said, ms. */
  readonly freshMs: number;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** Something was gone on without. */
  readonly onProblem: (problem: unknown) => void;
}

/** What catching up may need besides. */
export interface BackFillPorts extends IntakePorts {
  /** Rejects on Discord's limits. */
  readonly reading: Api;
  readonly seen: Seen;
  readonly heard: Heard;
  readonly commands: {
    readonly turns: Pick<CommandPorts["turns"], "get" | "hasBegun" | "untaken">;
  };
}

/** Delays between tries, ms: half a minute in all, as long as a store or Discord may take to come back. */
const DELAYS_MS = [250, 1_000, 4_000, 8_000, 16_000] as const;

/** The gateway delivers each event once and takes no refusal, so an event that cannot be stored is retried here. Rejects with the last error. */
export const tryAgain = <T>(clock: Clock, task: () => Promise<T>): Promise<T> =>
  retry(task, {
    clock,
    delayAfter: (error, failures) => (isTransient(error) ? DELAYS_MS[failures - 1] : undefined),
  });
