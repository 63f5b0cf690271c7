import type { Clock } from "../../../src/clock.ts";

/** Room for requests within a limit that holds for the whole bot, shared by all who send some. */
export interface Budget {
  /** Resolves when there is room: for answers at once, for the rest when some is left. Rejects with the signal's reason. */
  wait(urgency: Urgency, signal?: AbortSignal | null): Promise<void>;
  /** Takes what neither answers nor anybody who waits may need. 0: taken; else after how many ms it may be tried again. */
  take(): number;
  /** Nobody may send anything for so long, ms. */
  pause(ms: number): void;
}

export type Urgency = "answer" | "other";

export interface BudgetOptions {
  /** Of the whole bot. */
  readonly perSecond: number;
  /** How many share it; 1, if absent. */
  readonly processes?: number;
  readonly clock: Clock;
}

const SECOND_MS = 1_000;
/** What waits and is no answer is spread over the second, so that room for answers comes free all the time. */
const SHARE_MS = 100;
/** Parts of the limit that are kept free: for answers, and from what may be dropped for everything else. */
const KEPT = { answer: 0, other: 0.1, droppable: 0.3 } as const;

interface Waiting {
  readonly go: () => void;
}

export function createBudget({ clock, processes = 1, ...options }: BudgetOptions): Budget {
  const perSecond = Math.max(1, Math.floor(options.perSecond / processes));
  const room = createWindow(perSecond, clock);
  const queues: Record<Urgency, Waiting[]> = { answer: [], other: [] };
  let cancel = () => {};

  const pump = (): void => {
    cancel();
    for (;;) {
      const urgency = queues.answer.length > 0 ? "answer" : "other";
      const [next] = queues[urgency];
      if (!next) return;
      const ms = room.takeKeeping(KEPT[urgency], urgency === "other");
      if (ms > 0) {
        cancel = clock.setTimer(ms, pump);
        return;
      }
      queues[urgency].shift();
      next.go();
    }
  };

  return {
    async wait(urgency, signal) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiting = { go: resolve };
      const leave = () => {
        queues[urgency] = queues[urgency].filter((one) => one !== waiting);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      queues[urgency].push(waiting);
      pump();
      await promise;
      signal?.removeEventListener("abort", leave);
    },
    take() {
      const waiting = queues.answer.length + queues.other.length;
      return waiting > 0
        ? Math.ceil((waiting / perSecond) * SECOND_MS)
        : room.takeKeeping(KEPT.droppable);
    },
    pause: (ms) => room.close(ms),
  };
}

/** What was sent in the last second. */
function createWindow(perSecond: number, clock: Clock) {
  const sent: number[] = [];
  let closedUntil = -Infinity;
  return {
    /** Takes room for one if so much of the whole stays free. 0: taken; else in how many ms there will be room. */
    takeKeeping(kept: number, isSpread = false): number {
      const now = clock.now();
      while ((sent[0] ?? now) <= now - SECOND_MS) sent.shift();
      const most = Math.max(1, Math.floor(perSecond * (1 - kept)));
      const free = (sent[sent.length - most] ?? -Infinity) + SECOND_MS;
      const share = Math.ceil((most * SHARE_MS) / SECOND_MS);
      const spread = isSpread ? (sent[sent.length - share] ?? -Infinity) + SHARE_MS : -Infinity;
      const ms = Math.ceil(Math.max(free, spread, closedUntil) - now);
      if (ms > 0) return ms;
      sent.push(now);
      return 0;
    },
    close(ms: number): void {
      closedUntil = Math.max(closedUntil, clock.now() + ms);
    },
  };
}
