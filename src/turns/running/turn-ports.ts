import { ARITHMETIC } from "../../checks/arithmetic/arithmetic.ts";
import { createChecks } from "../../checks/create-checks.ts";
import { DATES } from "../../checks/dates/dates.ts";
import type { Clock } from "../../clock.ts";
import type { Conversation } from "../../conversation/message.ts";
import type { CacheChoice } from "../../coordination/cache-life.ts";
import type { RouteHooks, TurnPorts } from "../../coordination/runner/ports.ts";
import type { TurnState } from "../../coordination/turn-state.ts";
import { createMoves, type Moves } from "../../moves/create-moves.ts";
import type { Remark } from "../../moves/moves-options.ts";
import { routeRequest } from "../../moves/route-request.ts";
import { whereTheyDiffer } from "../../progress/where-they-differ.ts";
import type { TurnListener } from "./open-turn.ts";
import type { TurnRun } from "./turn-run.ts";
import { seatAgents, seatRouter } from "./seat-agents.ts";

/** How long the router's call may take before the team answers anyway, ms. */
const ROUTER_MS = 3_000;

export interface TurnModels {
  readonly moves: Moves;
  readonly route: TurnPorts["route"];
}

/** The moves of a turn's agents, and its router. `state` returns the current state; `signal` aborts at the end of the turn. */
export function createTurnModels(
  run: TurnRun,
  conversation: Conversation,
  turn: {
    readonly state: () => TurnState;
    readonly signal: AbortSignal;
    readonly cache: CacheChoice | null;
  },
): TurnModels {
  const { options, team } = run;
  const cacheKey = run.turn.conversation;
  const moves = createMoves({
    agents: seatAgents(team, run.seating),
    teamInstructions: team.instructions,
    policy: team.policy,
    conversation,
    inbox: () => turn.state().inbox,
    remarks: () => remarksOf(turn.state()),
    calibration: options.calibration,
    outputs: run.seating.outputs ?? undefined,
    clock: options.clock,
    wallClock: options.wallClock,
    signal: turn.signal,
    today: options.today(),
    cacheKey,
    cache: turn.cache,
    turnStartedAt: startOf(run),
  });
  return {
    moves,
    route: (signal, hooks) => routeTurn(run, conversation, { signal, hooks }),
  };
}

const startOf = ({ turn }: TurnRun): number => turn.startedAt ?? turn.createdAt;

async function routeTurn(
  run: TurnRun,
  conversation: Conversation,
  { signal, hooks }: { readonly signal: AbortSignal; readonly hooks: RouteHooks },
) {
  const { clock } = run.options;
  const router = seatRouter(run.team, run.seating);
  if (!router) return { mode: "team", reason: "the team has no router", usage: null } as const;
  const timer = createRouterTimer(clock, run.team.policy.limits.queue_timeout * 1000);
  const { backend, cost } = router;
  const route = await routeRequest(backend, {
    conversation,
    cost,
    clock,
    signal: AbortSignal.any([signal, timer.signal]),
    cacheKey: `${run.turn.conversation}/router`,
    onFailure: (why) =>
      run.options.onProblem(run.turn, new Error(`${why}, so the whole team answers`)),
    turnStartedAt: startOf(run),
    hooks: {
      onUsage: hooks.onUsage,
      onQueued(wait) {
        timer.queued();
        hooks.onQueued(wait);
      },
      onSent() {
        timer.sent();
        hooks.onSent();
      },
    },
  });
  timer.end();
  return route;
}

/** Aborts when the router's call has taken too long, or has waited too long for room. */
function createRouterTimer(clock: Clock, queueMs: number) {
  const timeUp = new AbortController();
  const start = (ms: number) => clock.setTimer(ms, () => timeUp.abort());
  let end = start(ROUTER_MS);
  let isQueued = false;
  const restart = (ms: number) => {
    end();
    end = start(ms);
  };
  return {
    signal: timeUp.signal,
    queued() {
      if (!isQueued) restart(queueMs);
      isQueued = true;
    },
    sent() {
      if (isQueued) restart(ROUTER_MS);
      isQueued = false;
    },
    end: () => end(),
  };
}

/** What reviewers said about the current answers, by the label of the answer; who merges them also reads where they agree and differ. */
function remarksOf(state: TurnState): readonly Remark[] {
  const labelOf = (revision: string) => {
    const author = state.revisions.find(({ id }) => id === revision)?.agent;
    return state.agents.find(({ id }) => id === author)?.label;
  };
  const difference =
    state.policy.present === "synthesize"
      ? whereTheyDiffer(state, {
          author: (agent) => `answer ${state.agents.find(({ id }) => id === agent)?.label ?? "?"}`,
          reviewer: () => "a reviewer",
        })
      : "";
  const remarks = state.ballots
    .filter((ballot) => !ballot.void)
    .flatMap(({ scores, reason, objection }) => {
      const best = Object.entries(scores).reduce((a, b) => (b[1] > a[1] ? b : a));
      return [
        { label: labelOf(best[0]), text: reason },
        { label: objection && labelOf(objection.revision), text: objection?.text ?? "" },
      ];
    })
    .flatMap(({ label, text }) => (label !== undefined && text !== "" ? [{ label, text }] : []));
  return difference === "" ? remarks : [{ label: "all", text: difference }, ...remarks];
}

const CHECKS = [ARITHMETIC, DATES];

/** The ports of the core. */
export function createTurnPorts(
  run: TurnRun,
  { moves, route }: TurnModels,
  listener: TurnListener,
): TurnPorts {
  const { options, turn } = run;
  const { journal } = options.store;
  const check = createChecks(options.checks ?? CHECKS, {
    clock: options.clock,
    onProblem: (problem) => options.onProblem(turn, problem),
  });
  return {
    clock: options.clock,
    gate: options.gate,
    journal: {
      append: (events) => journal.append(turn.id, turn.epoch, events),
      close: (events, known) => journal.close(turn.id, turn.epoch, { events, known }),
    },
    startMove: (move, hooks) => moves.start(move, hooks),
    estimate: (move) => moves.estimate(move),
    check,
    route,
    onEvent(event, state) {
      options.onEvent(turn, event, state);
      listener.onEvent();
    },
    onDelta(agent, delta) {
      options.onText?.(turn.conversation, agent, delta);
      listener.onDelta(delta);
    },
  };
}
