import type { KeyedQueue } from "../../../src/adapter-kit/queue/keyed-queue.ts";
import { isTransient, retry } from "../../../src/adapter-kit/queue/retry.ts";
import type { Clock } from "../../../src/clock.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { Intake } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { Guilds } from "../guilds/guilds.ts";
import type { RightsOf } from "../guilds/people.ts";
import type { Readers } from "../parse/read-message.ts";
import type { Channels } from "../threads/channels.ts";
import type { Threads } from "../threads/open-thread.ts";

/** What event handlers share. */
export interface EventDeps {
  readonly intake: Intake;
  readonly api: Api;
  readonly guilds: Guilds;
  /** Parley's own user id. */
  readonly ownId: () => Promise<string>;
  readonly channels: Channels;
  readonly threads: Threads;
  readonly readers: Readers;
  readonly rightsOf: RightsOf;
  /** By channel: its messages are handled in order. */
  readonly queue: KeyedQueue;
  readonly clock: Clock;
  readonly listening: CommandPorts["listening"];
  /** Maximum age of a missed message that is still answered, ms. */
  readonly freshMs: number;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  readonly onProblem: (problem: unknown) => void;
}

/** Delays between tries, ms: half a minute in all, as long as a store or Discord may be down. */
const DELAYS_MS = [250, 1_000, 4_000, 8_000, 16_000] as const;

/** The gateway delivers each event once, so an event that cannot be stored is retried here. Rejects with the last error. */
export const retryEvent = <T>({ clock }: Pick<EventDeps, "clock">, task: () => Promise<T>) =>
  retry(task, {
    clock,
    delayAfter: (error, failures) => (isTransient(error) ? DELAYS_MS[failures - 1] : undefined),
  });
