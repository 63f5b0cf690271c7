import { z } from "zod";
import type { PeopleInput } from "../../coordination/runner/ports.ts";
import { RevisionId, SteeringMessage } from "../../coordination/turn-event.ts";
import type { TurnId } from "../../ids.ts";
import type { Queries, Row } from "../database.ts";
import { json } from "../row.ts";

const Message = json(SteeringMessage);
const Choice = z.object({ person: z.string(), revision: RevisionId });

/** All that people added to a turn: its inbox and their votes, each in order of arrival. */
export async function readPeopleInput(db: Queries, turn: TurnId): Promise<PeopleInput> {
  const rows = await db.q(
    `SELECT seq, message, NULL AS person, NULL AS revision FROM inbox WHERE turn = $1
     UNION ALL SELECT seq, NULL, person, revision FROM choices WHERE turn = $1 ORDER BY seq`,
    [turn],
  );
  const isMessage = ({ message }: Row) => message !== null;
  return {
    messages: rows.filter(isMessage).map(({ message }) => Message.parse(message)),
    choices: z.array(Choice).parse(rows.filter((row) => !isMessage(row))),
  };
}
