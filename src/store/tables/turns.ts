import { createHash } from "node:crypto";
import type { ConversationId, TurnId } from "../../ids.ts";
import { closeReservation, withdrawReservation } from "./budgets.ts";
import type { Queries } from "../database.ts";
import { type Placed, putInOrder, reopen, stepBack } from "./lane-order.ts";
import { FencedError } from "../store-error.ts";
import { Int } from "../row.ts";
import { createQueuedTurns } from "./queued-turns.ts";
import { createTurnReads } from "./turn-reads.ts";
import { Turn, firstTurn, turnColumns } from "./turn.ts";
import type { TurnStop } from "./turn.ts";

/** The notice channel for stop requests to running turns: `{ turn, by, reason }` as JSON. */
export const STOP_CHANNEL = "turn_stop";

export interface NewTurn {
  readonly id: TurnId;
  readonly conversation: ConversationId;
  readonly request: string;
  readonly person: string;
  /** Stored as JSON. Must not contain secrets. */
  readonly team: unknown;
  /** How long it takes further messages as parts of its request, ms. Default: not at all. */
  readonly settleMs?: number;
}

/** All turns. They form each conversation's lane. */
export const createTurns = (db: Queries, now: () => number) => ({
  ...createTurnReads(db),
  ...createQueuedTurns(db, now),
  ...createTurnSteps(db, now),
  moveRequest: createMoveRequest(db),

  /** Adds a turn to its conversation's lane, ahead of queued turns whose messages are newer. */
  add: (turn: NewTurn): Promise<Placed> =>
    db.tx(async (t) => {
      const team = await keepTeam(t, turn.team, now());
      const [lane] = await t.q(
        `INSERT INTO lanes (conversation, last_seq) VALUES ($1, 1)
         ON CONFLICT (conversation) DO UPDATE SET last_seq = lanes.last_seq + 1 RETURNING last_seq`,
        [turn.conversation],
      );
      const rows = await t.q(
        `INSERT INTO turns (id, conversation, seq, state, request, person, team, epoch, attempts, inbox_open, created_at, settles_at)
         VALUES ($1, $2, $3, 'queued', $4, $5, $6, 0, 0, 1, $7, $8) RETURNING ${turnColumns}`,
        [
          turn.id,
          turn.conversation,
          Int.parse(lane?.["last_seq"]),
          turn.request,
          turn.person,
          team,
          now(),
          turn.settleMs ? now() + turn.settleMs : null,
        ],
      );
      return putInOrder(t, Turn.parse(rows[0]));
    }),

  /**
   * Requests a stop; the first request wins. `withdrawn`: the turn had not started and never runs; `stopping`: its owner has been notified, or
   * will see the request when it starts or resumes; `ended`: the turn has already ended.
   */
  cancel: (id: TurnId, stop: TurnStop): Promise<"withdrawn" | "stopping" | "ended"> =>
    db.tx(async (t) => {
      if (await withdraw(t, id, stop, now())) return "withdrawn";
      const running = await t.q(
        "UPDATE turns SET cancel = COALESCE(cancel, $2) WHERE id = $1 AND state <> 'done' RETURNING id",
        [id, JSON.stringify(stop)],
      );
      if (running.length === 0) return "ended";
      await t.notify(STOP_CHANNEL, JSON.stringify({ turn: id, ...stop }));
      return "stopping";
    }),
});

/** Stores a snapshot once. Returns its key, which is JSON, as the snapshot in its place was in earlier versions. */
async function keepTeam(t: Queries, snapshot: unknown, at: number): Promise<string> {
  const team = JSON.stringify(snapshot);
  const key = JSON.stringify(createHash("sha256").update(team).digest("hex"));
  await t.q(
    "INSERT INTO team_snapshots (key, team, at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING",
    [key, team, at],
  );
  return key;
}

/** Ends a turn that has not started and that nobody sees, and releases its reservation; false if it has started, or people see that it waits. */
async function withdraw(t: Queries, id: TurnId, stop: TurnStop, at: number): Promise<boolean> {
  const withdrawn = await t.q(
    `UPDATE turns SET state = 'done', outcome = 'stopped', cancel = $2, inbox_open = 0, ended_at = $3
     WHERE id = $1 AND state = 'queued' AND epoch = 0 AND queued_since IS NULL RETURNING id`,
    [id, JSON.stringify(stop), at],
  );
  if (withdrawn.length > 0) await withdrawReservation(t, id);
  return withdrawn.length > 0;
}

/** A message has taken another one's place: the turns that answer it answer its successor. */
const createMoveRequest =
  (db: Queries) =>
  async (conversation: ConversationId, from: string, to: string): Promise<void> => {
    const params = [conversation, from, to];
    for (const moved of [
      "UPDATE turns SET request = $3 WHERE conversation = $1 AND request = $2",
      "UPDATE fragments SET request = $3 WHERE conversation = $1 AND request = $2",
      "UPDATE fragments SET message = $3 WHERE conversation = $1 AND message = $2",
    ]) {
      await db.q(moved, params);
    }
  };

const createTurnSteps = (db: Queries, now: () => number) => ({
  /** Records a refused turn as failed, so that people can retry it. */
  refuse: (turn: NewTurn): Promise<void> =>
    db.tx(async (t) => {
      await createTurns(t, now).add(turn);
      await t.q(
        "UPDATE turns SET state = 'done', outcome = 'failed', inbox_open = 0, ended_at = $2 WHERE id = $1",
        [turn.id, now()],
      );
    }),

  /** Increments the epoch and marks the turn as running, even if another process ran it before; undefined if it is done. `owner`: the new process. */
  async start(id: TurnId, owner: string | null = null): Promise<Turn | undefined> {
    return firstTurn(
      await db.q(
        `UPDATE turns SET state = 'running', epoch = epoch + 1, attempts = attempts + 1, owner = $3,
           started_at = COALESCE(started_at, $2)
         WHERE id = $1 AND state <> 'done' RETURNING ${turnColumns}`,
        [id, now(), owner],
      ),
    );
  },

  /** Ends a turn and releases its reservation. Throws a `FencedError`. */
  finish: (id: TurnId, epoch: number, outcome: "completed" | "failed"): Promise<void> =>
    db.tx(async (t) => {
      const rows = await t.q(
        `UPDATE turns SET state = 'done', outcome = $3, inbox_open = 0, ended_at = $4
         WHERE id = $1 AND epoch = $2 AND state = 'running' RETURNING id`,
        [id, epoch, outcome, now()],
      );
      if (rows.length === 0) throw new FencedError(id, epoch);
      await closeReservation(t, id);
    }),

  /** Requeues a turn that a person stopped while it ran, at the end of its lane. Undefined: it did not end like that. */
  reopen: (id: TurnId): Promise<Turn | undefined> => reopen(db, id),

  /** Requeues a turn that has just started behind turns with older messages that arrived late. False if there are none. Throws a `FencedError`. */
  stepBack: (turn: Pick<Turn, "id" | "conversation" | "epoch">): Promise<boolean> =>
    stepBack(db, turn),

  /** Does not count a start that ended deliberately as an attempt. The turn stays `running` for its next owner. */
  async handOver(id: TurnId, epoch: number): Promise<void> {
    await db.q("UPDATE turns SET attempts = attempts - 1 WHERE id = $1 AND epoch = $2", [
      id,
      epoch,
    ]);
  },
});
