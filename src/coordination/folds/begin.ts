import { dealLabels } from "../labels.ts";
import { NO_USAGE } from "../spending.ts";
import type { EventOf } from "../turn-event.ts";
import type { AgentState, TurnState } from "../turn-state.ts";

const NOTHING_DONE: Omit<AgentState, "id" | "name" | "label" | "since"> = {
  move: null,
  hasAnswered: false,
  asked: { answer: 0, review: 0, present: 0 },
  revised: 0,
  reviewed: [],
  reading: 0,
  repeated: null,
  seenSteering: 0,
  failed: null,
  abstained: null,
  usage: NO_USAGE,
};

/** The initial state of a turn. */
export function begin(event: EventOf<"turn_started">): TurnState {
  const ids = event.agents.map(({ id }) => id);
  const labels = dealLabels(event.turn, ids);
  return {
    turn: event.turn,
    team: event.team,
    title: event.title ?? event.team,
    policy: event.policy,
    absent: event.absent ?? [],
    mode: event.policy.mode,
    cache: null,
    routing: null,
    now: event.at,
    queuedMs: 0,
    isTurnQueued: false,
    isRouterQueued: false,
    agents: event.agents.map(({ id, name }) => ({
      ...NOTHING_DONE,
      id,
      name,
      label: labels.get(id) ?? "?",
      since: event.at,
    })),
    skills: event.skills ?? {},
    revisions: [],
    latest: [],
    ballots: [],
    checks: [],
    reading: 1,
    inbox: [],
    steeredAt: null,
    preferences: {},
    choices: 0,
    spent: NO_USAGE,
    routerUsage: null,
    knownCostUsd: 0,
    wasted: 0,
    started: 0,
    retries: 0,
    budget: null,
    aloneSince: null,
    finishedBy: null,
    stopped: null,
    closing: null,
    presented: null,
    presentedCut: false,
    outcome: null,
  };
}
