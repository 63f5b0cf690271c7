import type { AgentState, TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";
import { failureWords } from "./failure-words.ts";
import { formatDuration } from "./format.ts";

export type AgentStatus =
  | "waiting"
  | "answering"
  | "answered"
  | "reviewing"
  | "voted"
  | "presenting"
  | "retrying"
  | "failed";

export interface AgentLine {
  readonly agent: AgentId;
  readonly name: string;
  /** The label of its answer ("A"); null before it has one. */
  readonly label: string | null;
  readonly status: AgentStatus;
  /** The number of its current revision; 0 if none. */
  readonly revision: number;
  /** Milliseconds in the current status. */
  readonly elapsedMs: number;
  /** Input and output tokens of finished moves. */
  readonly tokens: number;
  /** A short reason for a retry or failure. */
  readonly note: string | null;
}

/** One agent's status at `now`, ms of running time. */
export function agentLine(state: TurnState, agent: AgentState, now: number): AgentLine {
  const latest = state.revisions.findLast((revision) => revision.agent === agent.id);
  return {
    agent: agent.id,
    name: agent.name,
    label: latest ? agent.label : null,
    status: statusOf(state, agent),
    revision: latest?.number ?? 0,
    elapsedMs: Math.max(0, now - agent.since),
    tokens: agent.usage.input + agent.usage.output,
    note: noteOf(agent),
  };
}

const moving = { answer: "answering", review: "reviewing", present: "presenting" } as const;

function statusOf(state: TurnState, agent: AgentState): AgentStatus {
  if (agent.failed) return "failed";
  if (agent.move) return agent.move.retry ? "retrying" : moving[agent.move.kind];
  if (!agent.hasAnswered) return "waiting";
  const ballot = state.ballots.findLast(({ reviewer }) => reviewer === agent.id);
  const latest = state.revisions.findLast((revision) => revision.agent === agent.id);
  // A revision and its ballot arrive at the same time.
  const votedLast = ballot && !ballot.void && (!latest || ballot.at > latest.at);
  return votedLast ? "voted" : "answered";
}

function noteOf({ failed, move }: AgentState): string | null {
  if (failed) return failureWords(failed);
  if (!move?.retry) return null;
  return `again in ${formatDuration(move.retry.delayMs)}: ${failureWords(move.retry)}`;
}
