import type { PgBoss } from "pg-boss";
import { z } from "zod";
import type { Clock } from "../../../clock.ts";
import { ConversationId, TurnId, parseConversationId } from "../../../ids.ts";
import type { Database, Lock, Queries } from "../../../store/database.ts";
import { StoreError } from "../../../store/store-error.ts";
import type { Turn } from "../../../store/tables/turn.ts";
import { sleep } from "../../../timers.ts";
import { createBossDatabase } from "./boss-database.ts";
import { QUEUE, createBoss } from "./create-boss.ts";
import { type Ticket, queueOf } from "./ticket.ts";

const Fetched = z.array(
  z.object({ id: z.string(), retryCount: z.number(), singletonKey: ConversationId }),
);
const Touched = z.object({ settled: z.array(z.string()) });

export type BossQueue = ReturnType<typeof createBossQueue>;

const attemptOf = ({ id, retryCount }: Ticket) => [{ id, retryCount }];

/**
 * The turns that wait, as tickets in pg-boss: one for each unfinished turn, and one at a time in use for a conversation. Which turn a
 * ticket runs is not its own but the first in the conversation's lane, so that the order is the lane's whatever happens to the tickets.
 * Nothing in there is worth keeping: it is made anew from `turns`.
 */
export function createBossQueue(db: Database, onProblem: (problem: unknown) => void) {
  const boss = createBoss(db, onProblem);
  const stop = () => boss.stop({ graceful: false, close: false });
  /** Makes what is not there yet, one process after the other: two that make the same at once get in each other's way. */
  const start = async (platforms: readonly string[], clock: Clock): Promise<void> => {
    const lock = await waitForLock(db, clock);
    try {
      await boss.start();
      for (const platform of platforms) await boss.createQueue(queueOf(platform), QUEUE);
    } finally {
      await lock.release();
    }
  };
  return {
    ...createTickets(boss),
    start,

    /** Makes it anew where somebody has dropped it. */
    async restart(platforms: readonly string[], clock: Clock): Promise<void> {
      await stop();
      await start(platforms, clock);
    },

    /** A ticket for a turn, in the transaction that adds it. */
    send: (turn: NewTicket, t: Queries): Promise<void> => send(boss, turn, t),

    /** Gives the unfinished turns of conversations without a ticket a new one; returns how many. */
    async sweep(platform: string): Promise<number> {
      // Sent while the queue was being made anew, they promise nothing, and nobody fetches them.
      await db.q("DELETE FROM pgboss.job WHERE name = $1 AND policy IS DISTINCT FROM $2", [
        queueOf(platform),
        QUEUE.policy,
      ]);
      const lacking = await turnsWithoutTicket(db, platform);
      for (const conversation of new Set(lacking.map((turn) => turn.conversation))) {
        await removeDead(boss, platform, conversation);
      }
      for (const turn of lacking) await send(boss, turn, db);
      return lacking.length;
    },

    stop,
  };
}

/** Whether a statement failed because what the queue stands on is not there: a schema, a table, a function. */
export const isDropped = (problem: unknown): boolean =>
  problem instanceof StoreError && ["3F000", "42P01", "42883"].includes(problem.code ?? "");

/** Between two looks whether another process has made the queue, ms. */
const LOCK_LOOK_MS = 50;

async function waitForLock(db: Database, clock: Clock): Promise<Lock> {
  for (;;) {
    const lock = await db.lock("pgboss");
    if (lock) return lock;
    await sleep(clock, LOCK_LOOK_MS);
  }
}

/** Tickets in the hands of processes. */
const createTickets = (boss: PgBoss) => ({
  /** Takes up to `most` tickets, of as many conversations. */
  async fetch(platform: string, most: number): Promise<readonly Ticket[]> {
    const jobs = await boss.fetch(queueOf(platform), { batchSize: most, includeMetadata: true });
    return Fetched.parse(jobs).map(({ singletonKey: conversation, ...attempt }) => ({
      ...attempt,
      platform,
      conversation,
    }));
  },

  /** Says that these are still being worked on; returns the ids of those that nobody else has by now. */
  async touch(tickets: readonly Ticket[]): Promise<ReadonlySet<string>> {
    const ours = new Set<string>();
    for (const [platform, own] of Map.groupBy(tickets, (ticket) => ticket.platform)) {
      const { settled } = Touched.parse(
        await boss.touch(queueOf(platform), own.flatMap(attemptOf)),
      );
      for (const id of settled) ours.add(id);
    }
    return ours;
  },

  /** A turn has ended: the ticket is used up. Does nothing if it is another's by now. */
  async useUp(ticket: Ticket): Promise<void> {
    await boss.deleteJob(queueOf(ticket.platform), attemptOf(ticket));
  },

  /** For somebody else to take, at once. Does nothing if somebody has it already. */
  async giveBack(ticket: Ticket): Promise<void> {
    await boss.fail(queueOf(ticket.platform), attemptOf(ticket));
  },

  /** The ticket that is in use for a conversation. */
  async inUse(conversation: ConversationId): Promise<Ticket | undefined> {
    const { platform } = parseConversationId(conversation);
    const jobs = await boss.findJobs(queueOf(platform), { key: conversation });
    const active = jobs.find(({ state }) => state === "active");
    return active && { id: active.id, retryCount: active.retryCount, platform, conversation };
  },
});

type NewTicket = Pick<Turn, "id" | "conversation">;

async function send(boss: PgBoss, { id, conversation }: NewTicket, t: Queries): Promise<void> {
  const { platform } = parseConversationId(conversation);
  const options = { id, singletonKey: conversation, db: createBossDatabase(t) };
  await boss.send(queueOf(platform), null, options);
}

const Lacking = z.array(z.object({ id: TurnId, conversation: ConversationId }));

async function turnsWithoutTicket(db: Database, platform: string): Promise<readonly NewTicket[]> {
  const rows = await db.q(
    `SELECT t.id, t.conversation FROM turns t
     WHERE t.state <> 'done' AND substr(t.conversation, 1, length($2)) = $2 AND NOT EXISTS (
       SELECT 1 FROM pgboss.job j
       WHERE j.name = $1 AND j.singleton_key = t.conversation AND j.state < 'completed')
     ORDER BY t.seq`,
    [queueOf(platform), `${platform}:`],
  );
  return Lacking.parse(rows);
}

/** A ticket that was given back too often blocks its conversation; the turn is worth another. */
async function removeDead(
  boss: PgBoss,
  platform: string,
  conversation: ConversationId,
): Promise<void> {
  const jobs = await boss.findJobs(queueOf(platform), { key: conversation });
  const dead = jobs.filter(({ state }) => state === "failed").map(({ id }) => id);
  if (dead.length > 0) await boss.deleteJob(queueOf(platform), dead);
}
