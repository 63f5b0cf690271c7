import { z } from "zod";
import { ConversationId, TurnId } from "../../ids.ts";
import type { Row } from "../database.ts";
import { Int, json } from "../row.ts";

/** Why a turn is to end before its time. */
export const TurnStop = z.object({ by: z.string(), reason: z.enum(["stop", "restart"]) });
export type TurnStop = z.infer<typeof TurnStop>;

/** A turn's row. */
export const Turn = z.object({
  id: TurnId,
  conversation: ConversationId,
  /** Its place in the conversation's lane. */
  seq: Int,
  state: z.enum(["queued", "running", "done"]),
  /** Of a turn that is done: it ran to its end, was stopped before it ran, or could not be run. */
  outcome: z.enum(["completed", "stopped", "failed"]).nullable(),
  /** The message that asks. */
  request: z.string(),
  /** Who asks: `{platform}:{person id}`. */
  person: z.string(),
  /** The team it keeps, as it was when the message came; read by whoever wrote it. */
  team: json(z.unknown()),
  /** Raised by each start; writes of an earlier start are refused. */
  epoch: Int,
  /** Starts that were not handed over on purpose. */
  attempts: Int,
  cancel: json(TurnStop).nullable(),
  createdAt: Int,
  startedAt: Int.nullable(),
  endedAt: Int.nullable(),
});
export type Turn = z.infer<typeof Turn>;

/** The columns that `Turn` reads. */
export const turnColumns = `id, conversation, seq, state, outcome, request, person, team, epoch, attempts, cancel,
  created_at AS "createdAt", started_at AS "startedAt", ended_at AS "endedAt"`;

export const firstTurn = (rows: readonly Row[]): Turn | undefined =>
  rows[0] ? Turn.parse(rows[0]) : undefined;
