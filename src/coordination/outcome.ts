import type { MoveResult } from "./move.ts";
import { type Ballot, type Draft, RevisionId } from "./turn-event.ts";
import type { Usage } from "./usage.ts";
import type { AgentState, Revision, RunningMove, TurnState } from "./turn-state.ts";

type Answered = Extract<MoveResult, { kind: "answered" }>;
type Voted = Extract<MoveResult, { kind: "voted" }>;

/** The event for a move's result, with labels translated to the revisions that the agent saw. */
export function outcomeOf(
  state: TurnState,
  agent: AgentState,
  move: RunningMove,
  result: MoveResult,
): Draft {
  const ref = { move: move.id, agent: agent.id };
  if (result.kind === "failed") {
    const { kind: _, ...failed } = result;
    return { type: "move_failed", ...ref, ...failed };
  }
  if (result.kind === "answered") return outcomeOfAnswer(state, agent, move, result);
  if (move.kind !== "review") {
    const message = "it voted where an answer was asked for";
    return { type: "move_failed", ...ref, failure: "no_call", message, usage: result.usage };
  }
  if (result.kind === "voted") return vote(state, ref, move, result);
  return { type: "abstained", ...ref, reason: result.reason, usage: result.usage };
}

/** Which move an event is about. */
interface MoveRef {
  readonly move: string;
  readonly agent: AgentState["id"];
}

function outcomeOfAnswer(
  state: TurnState,
  agent: AgentState,
  move: RunningMove,
  result: Answered,
): Draft {
  const ref = { move: move.id, agent: agent.id };
  const { usage } = result;
  const text = {
    text: result.text,
    ...(result.claim !== undefined && { claim: result.claim }),
    ...(result.cut === true && { cut: result.cut }),
  };
  if (move.kind === "present") return { type: "answer_presented", ...ref, ...text, usage };
  if (move.kind === "review" && !move.mayRevise) return vote(state, ref, move, result);
  const ballot = ballotOf(state, move, result);
  const repeated = findRepeated(state, result.text);
  if (repeated) return repeat(ref, repeated, ballot, usage);
  const revision = RevisionId.parse(`${agent.id}.${countBy(state, agent) + 1}`);
  if (move.kind === "answer") return { type: "answer_given", ...ref, revision, ...text, usage };
  return { type: "revision_offered", ...ref, revision, ...text, ballot, usage };
}

const countBy = (state: TurnState, { id }: AgentState): number =>
  state.revisions.filter(({ agent }) => agent === id).length;

function vote(state: TurnState, ref: MoveRef, move: RunningMove, result: Answered | Voted): Draft {
  const { usage } = result;
  const ballot = ballotOf(state, move, result);
  if (ballot) return { type: "vote_cast", ...ref, ballot, usage };
  const reason =
    result.kind === "answered"
      ? "offered a revision when only votes were asked for"
      : "scored none of the answers it was shown";
  return { type: "abstained", ...ref, reason, usage };
}

/** Repeating a current answer counts as a full score for it, not as a new revision. */
function repeat(ref: MoveRef, repeated: Revision, ballot: Ballot | null, usage: Usage): Draft {
  const scores = { ...ballot?.scores, [repeated.id]: 10 };
  const reason = ballot?.reason ?? "gave the same answer";
  return {
    type: "answer_repeated",
    ...ref,
    revision: repeated.id,
    ballot: { ...ballot, scores, reason },
    usage,
  };
}

const normalise = (text: string): string => text.toLowerCase().replace(/\s+/gu, " ").trim();

const findRepeated = (state: TurnState, text: string): Revision | undefined =>
  state.latest.find((revision) => normalise(revision.text) === normalise(text));

/** Drops scores for labels that the agent was not shown; null when none is left. */
function ballotOf(
  state: TurnState,
  move: RunningMove,
  { scores, reason, objection, same = [] }: Answered | Voted,
): Ballot | null {
  const seen = new Map(
    state.revisions
      .filter(({ id }) => move.revisions.includes(id))
      .map(({ id, agent }) => [state.agents.find((a) => a.id === agent)?.label, id] as const),
  );
  const known = scores.flatMap(({ label, score }) => {
    const revision = seen.get(label);
    return revision === undefined ? [] : [[revision, Math.min(10, Math.max(0, score))] as const];
  });
  if (known.length === 0) return null;
  const target = objection && seen.get(objection.label);
  const pairs = same.flatMap(({ label, sameAs }) => {
    const [one, other] = [seen.get(label), seen.get(sameAs)];
    return one === undefined || other === undefined || one === other ? [] : [[one, other] as const];
  });
  return {
    scores: Object.fromEntries(known),
    reason,
    ...(pairs.length > 0 && { same: Object.fromEntries(pairs) }),
    ...(objection && target && { objection: { revision: target, text: objection.text } }),
  };
}

/** A move that rejects, against its contract, has failed. */
export const resultOfError = (cause: unknown): MoveResult => ({
  kind: "failed",
  failure: "bad_request",
  message: cause instanceof Error ? cause.message : String(cause),
  usage: null,
});
