import type { Clock } from "../../../clock.ts";
import type { BossQueue } from "./boss-queue.ts";
import type { Ticket } from "./ticket.ts";

/** How long others have to take what this process gave back, ms. */
const REST_MS = 500;
/** Tickets taken at once: few enough that a burst is shared among processes. */
const BATCH = 8;

export interface FetcherOptions {
  readonly queue: Pick<BossQueue, "fetch">;
  readonly clock: Clock;
  readonly platforms: readonly string[];
  /** How many more turns this process takes now. */
  readonly room: () => number;
  /** `since`: when it was asked for. */
  readonly take: (ticket: Ticket, since: number) => void;
  readonly onProblem: (problem: unknown) => void;
}

export interface Fetcher {
  /** There may be something to take. */
  wake(): void;
  /** Takes nothing for a moment; the wakes after that count. */
  rest(): void;
}

/** Takes tickets while there are any and there is room; one question at a time, however often it is woken. */
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
