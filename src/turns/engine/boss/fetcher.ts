import type { Clock } from "../../../clock.ts";
import type { BossQueue } from "./boss-queue.ts";
import type { Ticket } from "./ticket.ts";

/** Pause after giving tickets back, so that other processes can take them, ms. */
const REST_MS = 500;
/** Tickets per fetch: few, so that processes share a burst. */
const BATCH = 8;

export interface FetcherOptions {
  readonly queue: Pick<BossQueue, "fetch">;
  readonly clock: Clock;
  readonly platforms: readonly string[];
  /** Number of turns that this process can still start. */
  readonly room: () => number;
  /** `since`: when the fetch was sent. */
  readonly take: (ticket: Ticket, since: number) => void;
  readonly onProblem: (problem: unknown) => void;
}

export interface Fetcher {
  /** Fetches now. */
  wake(): void;
  /** Pauses fetching. Later wakes count again. */
  rest(): void;
}

/** Fetches tickets while there are any and the process has capacity. At most one fetch at a time. */
export function createFetcher(options: FetcherOptions): Fetcher {
  let isBusy = false;
  let isWoken = false;
  let restsUntil = -Infinity;

  const takeAll = async (platform: string): Promise<void> => {
    for (;;) {
      const most = Math.min(BATCH, options.room());
      if (most <= 0) return;
      const since = options.clock.now();
      if (since < restsUntil) return;
      const tickets = await options.queue.fetch(platform, most);
      for (const ticket of tickets) options.take(ticket, since);
      if (tickets.length < most) return;
    }
  };

  const work = async (): Promise<void> => {
    while (isWoken) {
      isWoken = false;
      for (const platform of options.platforms) {
        await takeAll(platform).catch(options.onProblem);
      }
    }
    isBusy = false;
  };

  return {
    wake() {
      isWoken = true;
      if (isBusy) return;
      isBusy = true;
      void work();
    },
    rest() {
      restsUntil = options.clock.now() + REST_MS;
    },
  };
}
