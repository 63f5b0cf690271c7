import type { UsageLeases } from "./usage-leases.ts";
import type { Clock } from "../../clock.ts";
import { untilAborted } from "../../timers.ts";

/**
 * Limits all requests of a bot. Callers wait in a queue in here: answers first, and non-final requests are paced across the second, so that
 * answers always find capacity.
 */
export interface QueuedLimiter {
  /** Resolves when the request may be sent. Rejects with the signal's reason. */
  wait(urgency: Urgency, signal?: AbortSignal | null): Promise<void>;
  /** For requests that may be dropped: 0 if one may be sent now, and is counted; otherwise how long to wait, ms. */
  take(): number;
  /** Nothing may be sent for `ms`. */
  pause(ms: number): void;
}

/** `closing`: the last edit of a status, which must not say that somebody is at work when the answer stands there. */
export type Urgency = "answer" | "closing" | "other";

export interface QueuedLimiterOptions {
  /** Of the whole bot. */
  readonly perSecond: number;
  /** How many processes share it, by need. */
  readonly processes: number;
  readonly leases: UsageLeases;
  readonly clock: Clock;
}

const SECOND_MS = 1_000;
/** Queued requests that are no answers are paced across the second, so that answers always find room. */
const SHARE_MS = 100;
/** Parts of the limit that are kept free: for answers, and from what may be dropped for everything else. */
const KEPT = { answer: 0, closing: 0, other: 0.1, droppable: 0.3 } as const;
const URGENCIES = ["answer", "closing", "other"] as const;
/** The part of the limit that is divided evenly, so that a process that was idle can begin at once; the rest goes where it is needed. */
const EVEN = 0.2;
/** How long what was sent counts as need, ms. */
const NEED_MS = 3_000;
const RESOURCE = "requests";

interface Waiting {
  readonly go: () => void;
}

export function createQueuedLimiter(options: QueuedLimiterOptions): QueuedLimiter {
  const { clock } = options;
  const queues: Record<Urgency, Waiting[]> = { answer: [], closing: [], other: [] };
  const waiting = () => URGENCIES.reduce((sum, urgency) => sum + queues[urgency].length, 0);
  const need = createNeed(clock, waiting);
  const share = createShare(options, () => need.measure());
  const room = createWindow(share, clock);
  let cancel = () => {};

  const pump = (): void => {
    cancel();
    for (;;) {
      const urgency = URGENCIES.find((one) => queues[one].length > 0);
      const next = urgency && queues[urgency][0];
      if (!next) return;
      const ms = room.takeKeeping(KEPT[urgency], urgency === "other");
      if (ms > 0) {
        cancel = clock.setTimer(ms, pump);
        return;
      }
      queues[urgency].shift();
      need.sent();
      next.go();
    }
  };

  return {
    async wait(urgency, signal) {
      signal?.throwIfAborted();
      const { promise, resolve } = Promise.withResolvers<void>();
      const waits = { go: resolve };
      queues[urgency].push(waits);
      pump();
      try {
        await (signal ? untilAborted(promise, signal) : promise);
      } finally {
        queues[urgency] = queues[urgency].filter((one) => one !== waits);
      }
    },
    take() {
      const ahead = waiting();
      if (ahead > 0) return Math.ceil((ahead / share()) * SECOND_MS);
      const ms = room.takeKeeping(KEPT.droppable);
      if (ms === 0) need.sent();
      return ms;
    },
    pause: (ms) => room.close(ms),
  };
}

/** What a process sends and has waiting, requests a second. */
function createNeed(clock: Clock, waiting: () => number) {
  const sent: number[] = [];
  const expire = () => {
    while ((sent[0] ?? Infinity) <= clock.now() - NEED_MS) sent.shift();
  };
  return {
    sent(): void {
      expire();
      sent.push(clock.now());
    },
    measure(): { readonly wanted: number } {
      expire();
      return { wanted: (sent.length * SECOND_MS) / NEED_MS + waiting() };
    },
  };
}

/** How many requests a second are this process's. */
function createShare(
  { perSecond, processes, leases }: QueuedLimiterOptions,
  measure: () => { readonly wanted: number },
): () => number {
  return () => {
    const { wanted } = measure();
    leases.report(RESOURCE, measure);
    const others = leases.others(RESOURCE);
    if (!others) return Math.max(1, Math.floor(perSecond / processes));
    if (processes === 1) return perSecond;
    const all = others.reduce((sum, one) => sum + (one["wanted"] ?? 0), wanted);
    const part = all > 0 ? wanted / all : 1 / processes;
    return Math.max(1, Math.floor(perSecond * (EVEN / processes + (1 - EVEN) * part)));
  };
}

/** What was sent in the last second. */
function createWindow(share: () => number, clock: Clock) {
  const sent: number[] = [];
  let closedUntil = -Infinity;
  return {
    /** Takes room for one if so much of the whole stays free. 0: taken; else in how many ms there will be room. */
    takeKeeping(kept: number, isSpread = false): number {
      const now = clock.now();
      while ((sent[0] ?? now) <= now - SECOND_MS) sent.shift();
      const most = Math.max(1, Math.floor(share() * (1 - kept)));
      const free = (sent[sent.length - most] ?? -Infinity) + SECOND_MS;
      const atOnce = Math.ceil((most * SHARE_MS) / SECOND_MS);
      const spread = isSpread ? (sent[sent.length - atOnce] ?? -Infinity) + SHARE_MS : -Infinity;
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
