import type { Clock } from "../../../clock.ts";
import type { BossQueue } from "./boss-queue.ts";
import type { Ticket } from "./ticket.ts";

/** Without heartbeats, tickets expire after 10 s; the process gives them up well before that, ms. */
const STALE_MS = 8_500;

/** A ticket that this process holds. */
export interface Held {
  readonly ticket: Ticket;
  /** Aborted when another process holds, or may hold, the ticket. */
  readonly lost: AbortController;
  /** When the last successful heartbeat was sent. */
  beatAt: number;
}

/** The tickets of this process, with their heartbeats. */
export function createHeldTickets(clock: Clock, queue: Pick<BossQueue, "touch">) {
  const held = new Set<Held>();
  const idle: (() => void)[] = [];
  return {
    get size(): number {
      return held.size;
    },

    /** `since`: when the fetch was sent. */
    add(ticket: Ticket, since: number): Held {
      const entry = { ticket, lost: new AbortController(), beatAt: since };
      held.add(entry);
      return entry;
    },

    remove(entry: Held): void {
      held.delete(entry);
      if (held.size === 0) for (const resolve of idle.splice(0)) resolve();
    },

    /** Sends one heartbeat for all tickets; aborts those that another process holds now. */
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

    /** Gives up tickets whose heartbeats failed for too long: the process was frozen or disconnected. */
    dropStale(): void {
      const now = clock.now();
      for (const { lost, beatAt } of held) if (now - beatAt > STALE_MS) lost.abort();
    },

    async whenIdle(): Promise<void> {
      if (held.size > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
  };
}
