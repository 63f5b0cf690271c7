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
  /** Whether it may take tickets at all: it is not leaving, and others see it. */
  readonly isOpen: () => boolean;
  /** There is no room for more tickets. */
  readonly onFull: () => void;
  /** `since`: when the fetch was sent. */
  readonly take: (ticket: Ticket, since: number) => void;
  readonly onProblem: (problem: unknown) => void;
}

export interface Fetcher {
  /** Fetches now. `urgent`: turns that only end as well, though there is no room. */
  wake(how?: { readonly urgent: boolean }): void;
  /** Pauses fetching. Later wakes count again. */
  rest(): void;
}

/** Fetches tickets while there are any and the process has capacity. At most one fetch at a time. */
export function createFetcher(options: FetcherOptions): Fetcher {
  let isBusy = false;
  let isWoken = false;
  let isUrgent = false;
  let restsUntil = -Infinity;

  const takeSome = async (platform: string, most: number, urgent: boolean): Promise<boolean> => {
    const since = options.clock.now();
    if (since < restsUntil) return false;
    const tickets = await options.queue.fetch(platform, most, { urgent });
    for (const ticket of tickets) options.take(ticket, since);
    return tickets.length === most;
  };

  const takeAll = async (platform: string, urgent: boolean): Promise<void> => {
    let isMore = options.isOpen();
    while (isMore && options.isOpen()) {
      const room = Math.min(BATCH, options.room());
      if (room <= 0) options.onFull();
      if (room <= 0 && !urgent) return;
      isMore = await takeSome(platform, room > 0 ? room : BATCH, room <= 0);
    }
  };

  const work = async (): Promise<void> => {
    while (isWoken) {
      const urgent = isUrgent;
      isWoken = false;
      isUrgent = false;
      for (const platform of options.platforms) {
        await takeAll(platform, urgent).catch(options.onProblem);
      }
    }
    isBusy = false;
  };

  return {
    wake({ urgent } = { urgent: false }) {
      isWoken = true;
      isUrgent ||= urgent;
      if (isBusy) return;
      isBusy = true;
      void work();
    },
    rest() {
      restsUntil = options.clock.now() + REST_MS;
    },
  };
}
