import { parseConversationId } from "../../ids.ts";
import { formatTrackBoard } from "../../track-records/format-track-board.ts";
import type { CommandReply } from "../../reply.ts";
import type { Asker, CommandPorts } from "../ports.ts";
import { typed } from "../../text/spelling.ts";
import { plain, privately, publicly, refused } from "./compose-reply.ts";
import { HERE } from "./describe-team.ts";
import { formatCount } from "../../progress/format.ts";

type Ports = Pick<CommandPorts, "trackRecords">;

/** `stats models`: how the models of this space did. */
export async function statsModels({ trackRecords }: Ports, asker: Asker): Promise<CommandReply> {
  const board = await trackRecords.board(parseConversationId(asker.conversation));
  const title = `Models in ${HERE.space}`;
  if (!board) {
    return privately(title, [
      "Nothing is known yet. After the next turns of a team, this shows how each model did.",
    ]);
  }
  const { lines, table } = formatTrackBoard(board);
  return privately(title, lines, [table]);
}

/** `stats models reset`: forgets the turns, once the admin has confirmed. */
export async function statsModelsReset(
  { trackRecords }: Ports,
  asker: Asker,
  { sure }: { readonly sure: boolean },
): Promise<CommandReply> {
  const space = parseConversationId(asker.conversation);
  const board = await trackRecords.board(space);
  if (!sure) {
    const turns = board?.turns ?? 0;
    const known = turns === 0 ? "what it knows" : `what ${formatCount(turns, "turn")} taught it`;
    return refused("Nothing was reset yet", [
      `Parley would forget ${known} about the models of ${HERE.space}. This cannot be undone. Answers and marks stay.`,
      `${typed("stats models reset yes")} does it.`,
    ]);
  }
  const turns = await trackRecords.forget(space);
  return publicly(`The track records of ${HERE.space} are reset`, [
    `${plain(asker.person.name)} made Parley forget ${formatCount(turns, "turn")}. From the next turn on, agents count by public comparisons of their models, until new turns tell more.`,
  ]);
}
