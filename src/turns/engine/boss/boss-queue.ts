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

/** The priority of tickets whose turns end without room; others have 0. */
const URGENT = 1;

const attemptOf = ({ id, retryCount }: Ticket) => [{ id, retryCount }];

/**
 * Queued turns as tickets, which are jobs of pg-boss: one per unfinished turn; a conversation uses one at a time. A ticket runs the first
 * turn of the conversation's lane, whichever turn it was created for, so the lane decides the order. The queue can be rebuilt from `turns`.
 */
export function createBossQueue(db: Database, onProblem: (problem: unknown) => void) {
  const boss = createBoss(db, onProblem);
  const stop = () => boss.stop({ graceful: false, close: false });
  /** Creates what is missing, one process at a time, because concurrent creation fails. */
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
    hurry: (conversation: ConversationId): Promise<void> => hurry(boss, conversation),
    start,

    /** Recreates the queue if it was dropped. */
    async restart(platforms: readonly string[], clock: Clock): Promise<void> {
      await stop();
      await start(platforms, clock);
    },

    /** Creates a ticket in the transaction that adds the turn. */
    send: (turn: NewTicket, t: Queries): Promise<void> => send(boss, turn, t),

    /** Creates tickets for conversations with unfinished turns but no ticket; returns their number. */
    async sweep(platform: string): Promise<number> {
      // Tickets sent while the queue was being recreated are never fetched.
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

/** Whether a statement failed because a schema, table or function of the queue is missing. */
export const isDropped = (problem: unknown): boolean =>
  problem instanceof StoreError && ["3F000", "42P01", "42883"].includes(problem.code ?? "");

/** Poll interval while another process creates the queue, ms. */
const LOCK_LOOK_MS = 50;

async function waitForLock(db: Database, clock: Clock): Promise<Lock> {
  for (;;) {
    const lock = await db.lock("pgboss");
    if (lock) return lock;
    await sleep(clock, LOCK_LOOK_MS);
  }
}

/** Fetches and completes tickets. */
const createTickets = (boss: PgBoss) => ({
  /** Fetches up to `most` tickets, each of another conversation. `urgent`: only of turns that end without room. */
  async fetch(
    platform: string,
    most: number,
    { urgent = false }: { readonly urgent?: boolean } = {},
  ): Promise<readonly Ticket[]> {
    const jobs = await boss.fetch(queueOf(platform), {
      batchSize: most,
      includeMetadata: true,
      ...(urgent && { minPriority: URGENT }),
    });
    return Fetched.parse(jobs).map(({ singletonKey: conversation, ...attempt }) => ({
      ...attempt,
      platform,
      conversation,
    }));
  },

  /** Extends the tickets; returns the ids of those that this process still holds. */
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

  /** Completes a ticket whose turn has ended. No effect if another process holds it now. */
  async useUp(ticket: Ticket): Promise<void> {
    await boss.deleteJob(queueOf(ticket.platform), attemptOf(ticket));
  },

  /** Gives a ticket back at once. No effect if another process holds it now. */
  async giveBack(ticket: Ticket): Promise<void> {
    await boss.fail(queueOf(ticket.platform), attemptOf(ticket));
  },

  /** The ticket that a conversation uses now. */
  async inUse(conversation: ConversationId): Promise<Ticket | undefined> {
    const { platform } = parseConversationId(conversation);
    const jobs = await boss.findJobs(queueOf(platform), { key: conversation });
    const active = jobs.find(({ state }) => state === "active");
    return active && { id: active.id, retryCount: active.retryCount, platform, conversation };
  },
});

/** The conversation's next ticket may be taken by full processes: its turn only ends. */
async function hurry(boss: PgBoss, conversation: ConversationId): Promise<void> {
  const { platform } = parseConversationId(conversation);
  const next = { singletonKey: conversation, match: "oldest" } as const;
  await boss.update(queueOf(platform), undefined, { ...next, priority: URGENT });
}

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

/** Replaces a ticket that has used up its retries, which would block its conversation. */
async function removeDead(
  boss: PgBoss,
  platform: string,
  conversation: ConversationId,
): Promise<void> {
  const jobs = await boss.findJobs(queueOf(platform), { key: conversation });
  const dead = jobs.filter(({ state }) => state === "failed").map(({ id }) => id);
  if (dead.length > 0) await boss.deleteJob(queueOf(platform), dead);
}
