import type { Clock } from "../../../clock.ts";
import type { BossQueue } from "./boss-queue.ts";
import type { Ticket } from "./ticket.ts";

/** A silent process's tickets are another's after 10 s; well before that it stops of its own accord, ms. */
const STALE_MS = 8_500;

/** A ticket in this process's hands. */
export interface Held {
  readonly ticket: Ticket;
  /** Aborted when it is, or may be, another's. */
  readonly lost: AbortController;
  /** When the last heartbeat that arrived was sent. */
  beatAt: number;
}

/** The tickets that this process works on, and their heartbeats. */
export function createHeldTickets(clock: Clock, queue: Pick<BossQueue, "touch">) {
  const held = new Set<Held>();
  const idle: (() => void)[] = [];
  return {
    get size(): number {
      return held.size;
    },

    /** `since`: when it was asked for. */
    add(ticket: Ticket, since: number): Held {
      const entry = { ticket, lost: new AbortController(), beatAt: since };
      held.add(entry);
      return entry;
    },

    remove(entry: Held): void {
      held.delete(entry);
      if (held.size === 0) for (const resolve of idle.splice(0)) resolve();
    },

    /** Sends one heartbeat for all; those that are another's by now are lost. */
    async beat(): Promise<void> {
      const sent = clock.now();
      const mine = [...held].filter(({ lost }) => !lost.signal.aborted);
      if (mine.length === 0) return;
      const ours = await queue.touch(mine.map(({ ticket }) => ticket));
      for (const entry of mine) {
        if (ours.has(entry.ticket.id)) entry.beatAt = sent;
        else entry.lost.abort();
      }
    },

    /** Gives up what no heartbeat has arrived for in too long: the process was frozen, or cut off from the server. */
    dropStale(): void {
      const now = clock.now();
      for (const { lost, beatAt } of held) if (now - beatAt > STALE_MS) lost.abort();
    },

    async whenIdle(): Promise<void> {
      if (held.size > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
  };
}
