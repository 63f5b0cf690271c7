import { z } from "zod";
import { ConversationId, TurnId } from "../../ids.ts";
import type { Row } from "../database.ts";
import { Int, json } from "../row.ts";

/** Why a turn must end early. `finish`: with the best answer so far. */
export const TurnStop = z.object({
  by: z.string(),
  reason: z.enum(["stop", "restart", "edit", "finish"]),
});
export type TurnStop = z.infer<typeof TurnStop>;

/** A turn's row. */
export const Turn = z.object({
  id: TurnId,
  conversation: ConversationId,
  /** Its position in the conversation's lane. */
  seq: Int,
  state: z.enum(["queued", "running", "done"]),
  /** How a finished turn ended: it ran to its end, was stopped before it ran, or could not run. */
  outcome: z.enum(["completed", "stopped", "failed"]).nullable(),
  /** The request. */
  request: z.string(),
  /** The asker, `{platform}:{person id}`. */
  person: z.string(),
  /** A snapshot of the team when the message arrived. Only its writer can read it. */
  team: json(z.unknown()),
  /** Fencing token: each start increments it, and writes with an older one are refused. */
  epoch: Int,
  /** The number of starts, not counting deliberate handovers. */
  attempts: Int,
  cancel: json(TurnStop).nullable(),
  /** Since when people see that it waits for a process; null: they never saw it wait. */
  queuedSince: Int.nullable(),
  /** When it had waited for a process as long as it may; null: it has not. */
  expiredAt: Int.nullable(),
  /** Until when it takes further messages of its person as parts of its request, ms since the epoch; null: it takes none. */
  settlesAt: Int.nullable(),
  createdAt: Int,
  startedAt: Int.nullable(),
  endedAt: Int.nullable(),
});
export type Turn = z.infer<typeof Turn>;

/** A turn's team: turns of one team share a stored one. */
const team =
  "COALESCE((SELECT kept.team FROM team_snapshots AS kept WHERE kept.key = turns.team), turns.team) AS team";

/** The columns of `Turn`. */
export const turnColumns = `id, conversation, seq, state, outcome, request, person, ${team}, epoch, attempts, cancel,
  queued_since AS "queuedSince", expired_at AS "expiredAt", settles_at AS "settlesAt", created_at AS "createdAt", started_at AS "startedAt", ended_at AS "endedAt"`;

export const firstTurn = (rows: readonly Row[]): Turn | undefined =>
  rows[0] ? Turn.parse(rows[0]) : undefined;
