import type { ReplyBlock } from "../reply.ts";
import type { RevisionId } from "../coordination/turn-event.ts";
import type { CastBallot, Revision, TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";
import { formatDuration } from "./format.ts";

/** Every vote in order, with scores, reason and objection. */
export function everyVote(state: TurnState): readonly ReplyBlock[] {
  const lines = state.ballots.map((ballot) => voteLine(state, ballot));
  return lines.length > 0 ? [{ type: "text", markdown: lines.join("\n") }] : [];
}

function voteLine(state: TurnState, ballot: CastBallot): string {
  const { reviewer, scores, reason, objection, at } = ballot;
  const given = state.revisions.flatMap(({ id }) =>
    scores[id] === undefined ? [] : [`${nameRevision(state, id)} ${scores[id]}`],
  );
  const remarks = [
    reason,
    objection ? `*Objects* to ${nameRevision(state, objection.revision)}: ${objection.text}` : "",
    ballot.void ? "*(Cast before a message was added, so it no longer counts.)*" : "",
  ].filter((remark) => remark !== "");
  const said = [given.join(", "), remarks.join(" ")].filter((part) => part !== "").join(" – ");
  return `- **${nameOf(state, reviewer)}** at ${formatDuration(at)}: ${said}`;
}

/** The texts of all revisions, by agent, oldest first. Marks the presented one. */
export const everyAnswer = (state: TurnState): readonly ReplyBlock[] =>
  state.agents.flatMap(({ id }) =>
    state.revisions
      .filter(({ agent }) => agent === id)
      .map((revision) => ({ type: "text", markdown: answerText(state, revision) }) as const),
  );

function answerText(state: TurnState, revision: Revision): string {
  const { id, agent, number, text } = revision;
  const isLatest = state.latest.some((latest) => latest.id === id);
  const fate = state.closing?.revision === id ? ", presented" : isLatest ? "" : ", superseded";
  const label = state.agents.find((member) => member.id === agent)?.label ?? "?";
  return `**Answer ${label} · ${nameOf(state, agent)}** (revision ${number}${fate})\n\n${text}`;
}

/** "A", or "A (revision 1)" if the agent has several revisions. */
function nameRevision({ revisions, agents }: TurnState, id: RevisionId): string {
  const found = revisions.find((revision) => revision.id === id);
  const label = agents.find((member) => member.id === found?.agent)?.label ?? "?";
  const several = revisions.filter(({ agent }) => agent === found?.agent).length > 1;
  return several ? `${label} (revision ${found?.number})` : label;
}

const nameOf = ({ agents }: TurnState, agent: AgentId): string =>
  agents.find(({ id }) => id === agent)?.name ?? agent;
