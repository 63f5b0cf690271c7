import { runTurn, type RunningTurn } from "../../src/coordination/runner/runner.ts";
import type { Choice, TurnPorts } from "../../src/coordination/runner/ports.ts";
import type { MoveHooks, MoveRequest, MoveResult } from "../../src/coordination/move.ts";
import { Policy } from "../../src/coordination/policy.ts";
import type { EventOf, SteeringMessage, TurnEvent } from "../../src/coordination/turn-event.ts";
import type { Usage } from "../../src/coordination/usage.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import { AgentId, TurnId } from "../../src/ids.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";

export const usage: Usage = {
  input: 100,
  cached: 0,
  output: 20,
  costUsd: 0.01,
  firstTokenMs: 5,
};

/** What a call has used by the time it is broken off. */
export const streamed: Usage = {
  input: 90,
  cached: 40,
  output: 10,
  costUsd: 0.005,
  firstTokenMs: 5,
  estimated: 100,
};

export interface RunningCall {
  readonly move: MoveRequest;
  readonly hooks: MoveHooks;
  readonly end: (result: MoveResult) => void;
}

type PolicyInput = Parameters<typeof Policy.parse>[0];

export function started(
  agents: number | readonly string[],
  policy: PolicyInput = {},
): EventOf<"turn_started"> {
  const names =
    typeof agents === "number"
      ? ["ada", "ben", "cleo", "dov", "eve", "fay", "gus", "hal", "ida", "jo"].slice(0, agents)
      : agents;
  return {
    type: "turn_started",
    at: 0,
    turn: TurnId.parse("turn-1"),
    team: "test",
    agents: names.map((name) => ({ id: AgentId.parse(name), name })),
    policy: Policy.parse(policy),
  };
}

/** A turn on a fake clock whose models answer when the test says so: the real runner, an in-memory journal with an inbox. */
export interface Table {
  readonly clock: FakeClock;
  readonly events: TurnEvent[];
  readonly calls: RunningCall[];
  readonly turn: RunningTurn;
  /** What people chose while the turn was open. */
  readonly choices: readonly Choice[];
  state(): TurnState;
  /** Running calls, aborted ones left out. */
  open(): readonly RunningCall[];
  of(agent: string): RunningCall;
  answer(
    agent: string,
    text?: string,
    scores?: Record<string, number>,
    claim?: string,
  ): Promise<void>;
  /** A first answer that claims this. */
  claim(agent: string, claim: string): Promise<void>;
  /** Scores by agent, turned into the labels that the reviewer sees. */
  vote(agent: string, scores: Record<string, number>, objection?: [string, string]): Promise<void>;
  end(agent: string, result: MoveResult): Promise<void>;
  /** Adds to the inbox as the store does: false once the turn is closed. */
  steer(text: string): Promise<boolean>;
  /** A person's choice of an agent's standing answer, kept as the store does: false once the turn is closed, or when it has none. */
  prefer(person: string, agent: string): boolean;
  types(): readonly string[];
  last<T extends TurnEvent["type"]>(type: T): EventOf<T>;
}

export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Options {
  readonly before?: readonly TurnEvent[];
  readonly route?: TurnPorts["route"];
  /** False: calls wait for room, and nothing is asked of any model. */
  readonly isSent?: boolean;
  readonly check?: NonNullable<TurnPorts["check"]>;
  readonly estimate?: (move: MoveRequest) => { tokens: number; costUsd: number | null };
}

export async function setTable(
  start: EventOf<"turn_started">,
  options: Options = {},
): Promise<Table> {
  const clock = createFakeClock();
  const events: TurnEvent[] = [...(options.before ?? [start])];
  const calls: RunningCall[] = [];
  const inbox: SteeringMessage[] = [];
  const choices: Choice[] = [];
  let closed = false;
  const turn = runTurn([...events], {
    clock,
    gate: async () => {},
    journal: {
      append: async (written) => void events.push(...written),
      async close(written, known) {
        if (inbox.length > known.messages || choices.length > known.choices) {
          return { messages: [...inbox], choices: [...choices] };
        }
        closed = true;
        events.push(...written);
        return null;
      },
    },
    startMove: (move, hooks) =>
      new Promise((end) => {
        if (options.isSent !== false) hooks.onUsage(() => streamed);
        calls.push({ move, hooks, end: (result) => end(result) });
      }),
    estimate: async (move) => options.estimate?.(move) ?? { tokens: 200, costUsd: 0.02 },
    ...(options.check && { check: options.check }),
    route: options.route ?? (async () => ({ mode: "team", reason: "no router", usage: null })),
    onEvent: () => {},
    onDelta: () => {},
  });
  await settle();
  const open = () =>
    calls.filter(({ move, hooks }) => {
      const running = turn.state().agents.some((agent) => agent.move?.id === move.id);
      return running && !hooks.signal.aborted;
    });
  const of = (agent: string) => {
    const call = open().find(({ move }) => move.agent === agent);
    if (!call) throw new Error(`${agent} has no running move`);
    return call;
  };
  const labels = (scores: Record<string, number>) =>
    Object.entries(scores).map(([agent, score]) => ({
      label: labelOf(turn.state(), agent),
      score,
    }));
  const end = async (agent: string, result: MoveResult) => {
    of(agent).end(result);
    await settle();
  };
  return {
    clock,
    events,
    calls,
    turn,
    choices,
    state: () => turn.state(),
    open,
    of,
    end,
    answer: (agent, text = `answer of ${agent}`, scores = {}, claim) =>
      end(agent, {
        kind: "answered",
        text,
        ...(claim !== undefined && { claim }),
        scores: labels(scores),
        reason: "better",
        usage,
      }),
    claim: (agent, claim) =>
      end(agent, {
        kind: "answered",
        text: `answer of ${agent}`,
        claim,
        scores: [],
        reason: "",
        usage,
      }),
    vote: (agent, scores, objection) =>
      end(agent, {
        kind: "voted",
        scores: labels(scores),
        reason: "because",
        ...(objection && {
          objection: { label: labelOf(turn.state(), objection[0]), text: objection[1] },
        }),
        usage,
      }),
    async steer(text) {
      if (closed) return false;
      const message = { id: `m${inbox.length + 1}`, author: "Kim", text };
      inbox.push(message);
      turn.steer(message);
      await settle();
      return true;
    },
    prefer(person, agent) {
      const revision = turn.state().latest.find((latest) => latest.agent === agent)?.id;
      if (closed || !revision) return false;
      choices.push({ person, revision });
      turn.prefer([...choices]);
      return true;
    },
    types: () => events.map(({ type }) => type),
    last: (type) => {
      const event = events.findLast((e) => e.type === type);
      if (!event) throw new Error(`no ${type}`);
      // eslint-disable-next-line typescript/no-unsafe-type-assertion -- found by its type
      return event as EventOf<typeof type>;
    },
  };
}

export const labelOf = (state: TurnState, agent: string): string =>
  state.agents.find(({ id }) => id === agent)?.label ?? "?";
