import type { ReplyBlock } from "../reply.ts";
import type { RevisionId } from "../coordination/turn-event.ts";
import type { CastBallot, Revision, TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";
import { formatDuration } from "./format.ts";

/** Every vote in order, with scores, reason and objection. */
export function everyVote(state: TurnState): readonly ReplyBlock[] {
  // Where each reviewer voted once, the table of votes has the scores.
  const isRepeated =
    new Set(state.ballots.map(({ reviewer }) => reviewer)).size < state.ballots.length;
  const lines = state.ballots.map((ballot) => voteLine(state, ballot, isRepeated));
  return lines.length > 0 ? [{ type: "text", markdown: lines.join("\n") }] : [];
}

function voteLine(state: TurnState, ballot: CastBallot, withScores: boolean): string {
  const { reviewer, scores, reason, objection, at } = ballot;
  const given = state.revisions.flatMap(({ id }) =>
    scores[id] === undefined || !withScores ? [] : [`${scores[id]} for ${nameRevision(state, id)}`],
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
  const fate = state.closing?.revision === id ? "posted" : isLatest ? "" : "replaced since";
  const facts = [number > 1 ? `version ${number}` : "", fate].filter((fact) => fact !== "");
  const about = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  return `**${nameOf(state, agent)}'s answer**${about}\n\n${text}`;
}

/** "Ben's answer", or "Ben's answer (version 1)" if there are several. */
function nameRevision({ revisions, agents }: TurnState, id: RevisionId): string {
  const found = revisions.find((revision) => revision.id === id);
  const name = agents.find((member) => member.id === found?.agent)?.name ?? "an agent";
  const several = revisions.filter(({ agent }) => agent === found?.agent).length > 1;
  return several ? `${name}'s answer (version ${found?.number})` : `${name}'s answer`;
}

const nameOf = ({ agents }: TurnState, agent: AgentId): string =>
  agents.find(({ id }) => id === agent)?.name ?? agent;
