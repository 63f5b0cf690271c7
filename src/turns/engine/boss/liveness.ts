import type { Clock } from "../../../clock.ts";
import type { ConversationId } from "../../../ids.ts";
import type { Database, Lock } from "../../../store/database.ts";
import type { Store } from "../../../store/store.ts";
import type { BossQueue } from "./boss-queue.ts";
import type { Ticket } from "./ticket.ts";

/** Consecutive checks that find a process's lock free before it counts as dead: longer than a reconnect takes. */
const LOOKS = 3;
/** After connections may have been lost everywhere, the other processes have this long to take their locks again, ms. */
const SETTLE_MS = 5_000;

export interface LivenessOptions {
  readonly store: Pick<Store, "db" | "turns">;
  readonly clock: Clock;
  readonly queue: Pick<BossQueue, "inUse" | "giveBack">;
  /** This process. */
  readonly owner: string;
}

interface Suspect {
  looks: number;
  /** The tickets it held at the first check; another process may take them over before the last. */
  readonly tickets: readonly Ticket[];
}

type Suspects = Map<string, Suspect>;

const lockOf = (db: Database, owner: string): Promise<Lock | null> => db.lock(`process ${owner}`);

/**
 * Detects dead processes faster than heartbeats do: each process holds an advisory lock, which the server releases when its connection ends.
 * A wrong verdict costs only repeated work: starting a turn fences off the earlier start.
 */
export function createLiveness(options: LivenessOptions) {
  const { store, clock, owner } = options;
  const suspects: Suspects = new Map();
  let own: Lock | null = null;
  let settledAt = -Infinity;

  /** Holds this process's lock; takes it again after a reconnect. */
  const hold = async (): Promise<boolean> => {
    if (own && !own.lost.aborted) return true;
    if (own) settledAt = clock.now() + SETTLE_MS;
    own = (await lockOf(store.db, owner)) ?? own;
    return own !== null && !own.lost.aborted;
  };

  return {
    start: hold,

    /** Whether this process holds its lock: without it, other processes take over its turns. */
    isSeen: (): boolean => own !== null && !own.lost.aborted,

    /** Checks all processes that run turns once; returns the number of turns that were released. */
    async look(): Promise<number> {
      if (!(await hold()) || clock.now() < settledAt) return 0;
      const turns = await store.turns.ownedByOthers(owner);
      if (turns.length > 0 && (await hasJustStarted(store.db))) return 0;
      const owners = Map.groupBy(turns, (turn) => turn.owner);
      for (const gone of suspects.keys()) if (!owners.has(gone)) suspects.delete(gone);
      let freed = 0;
      for (const [other, its] of owners) {
        const held = its.map(({ conversation }) => conversation);
        freed += await examine(options, suspects, { owner: other, held });
      }
      return freed;
    },

    async stop(): Promise<void> {
      await own?.release();
    },
  };
}

/** Releases the tickets of a process that counts as dead; returns their number. */
async function examine(
  { store, queue }: LivenessOptions,
  suspects: Suspects,
  { owner, held }: { readonly owner: string; readonly held: readonly ConversationId[] },
): Promise<number> {
  const lock = await lockOf(store.db, owner);
  if (!lock) {
    suspects.delete(owner);
    return 0;
  }
  try {
    const suspect = suspects.get(owner) ?? { looks: 0, tickets: await ticketsOf(queue, held) };
    suspects.set(owner, suspect);
    suspect.looks++;
    if (suspect.looks < LOOKS) return 0;
    // Another process holds the others now.
    const left = suspect.tickets.filter(({ conversation }) => held.includes(conversation));
    for (const ticket of left) await queue.giveBack(ticket);
    suspects.delete(owner);
    return left.length;
  } finally {
    await lock.release();
  }
}

async function ticketsOf(
  queue: Pick<BossQueue, "inUse">,
  conversations: readonly ConversationId[],
): Promise<readonly Ticket[]> {
  const found: Ticket[] = [];
  for (const conversation of conversations) {
    const ticket = await queue.inUse(conversation);
    if (ticket) found.push(ticket);
  }
  return found;
}

/** A restarted server has no locks, also of living processes. */
async function hasJustStarted(db: Database): Promise<boolean> {
  const [row] = await db.q(
    "SELECT now() < pg_postmaster_start_time() + interval '1 millisecond' * $1 AS fresh",
    [SETTLE_MS],
  );
  return row?.["fresh"] === true;
}
