import type { AgentState, MoveQueue, RunningMove, TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";
import { failureWords } from "./failure-words.ts";
import { formatDuration } from "./format.ts";

export type AgentStatus =
  | "waiting"
  | "queued"
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
  /** A short reason for a wait, a retry or a failure. */
  readonly note: string | null;
}

/** What a queued agent waits for: "for a free call slot", "for the rate limit, 40s left". */
function formatQueue({ cause, resumesAt }: MoveQueue, now: number): string {
  if (cause === "room") return "for a free call slot";
  const left =
    resumesAt === null || resumesAt <= now ? "" : `, ${formatDuration(resumesAt - now)} left`;
  return `for the rate limit${left}`;
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
    note: noteOf(agent, now),
  };
}

const moving = { answer: "answering", review: "reviewing", present: "presenting" } as const;

function statusOfMove({ queue, retry, kind }: RunningMove): AgentStatus {
  if (queue) return "queued";
  return retry ? "retrying" : moving[kind];
}

function statusOf(state: TurnState, agent: AgentState): AgentStatus {
  if (agent.failed) return "failed";
  if (agent.move) return statusOfMove(agent.move);
  if (!agent.hasAnswered) return "waiting";
  const ballot = state.ballots.findLast(({ reviewer }) => reviewer === agent.id);
  const latest = state.revisions.findLast((revision) => revision.agent === agent.id);
  // A revision and its ballot arrive at the same time.
  const votedLast = ballot && !ballot.void && (!latest || ballot.at > latest.at);
  return votedLast ? "voted" : "answered";
}

function noteOf({ failed, move }: AgentState, now: number): string | null {
  if (failed) return failureWords(failed);
  if (move?.queue) return formatQueue(move.queue, now);
  if (!move?.retry) return null;
  return `in ${formatDuration(move.retry.delayMs)}: ${failureWords(move.retry)}`;
}
