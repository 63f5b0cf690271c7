import { createConcessionBook } from "../../../src/backends/concessions/ledger.ts";
import { createBackends } from "../../../src/backends/index.ts";
import { createCatalogue } from "../../../src/backends/catalogue.ts";
import type { BackendConfig, SimulatedStyle } from "../../../src/backends/config.ts";
import { createCalibration } from "../../../src/context/calibration.ts";
import type { ConversationMessage } from "../../../src/conversation/message.ts";
import { Policy } from "../../../src/coordination/policy.ts";
import { runTurn } from "../../../src/coordination/runner/runner.ts";
import type { TurnEvent } from "../../../src/coordination/turn-event.ts";
import type { TurnState } from "../../../src/coordination/turn-state.ts";
import { AgentId, TurnId } from "../../../src/ids.ts";
import { createMoves } from "../../../src/moves/create-moves.ts";
// Loaded before time starts: the backends load it at their first call, and the fake clock would not wait for that.
import "../../../src/backends/simulated/simulated.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

const STYLES = ["careful", "brief", "sceptical", "outage"] as const;
const policy = Policy.parse({});
const configOf = (style: SimulatedStyle): BackendConfig => ({
  type: "simulated",
  model: "simulated",
  style,
});

/** What one exchange came to. */
export interface Exchange {
  readonly final: string;
  readonly events: readonly TurnEvent[];
  readonly state: TurnState;
  /** Milliseconds on the clock. */
  readonly took: number;
}

/** A thread with the demo team of four: the real runner, moves, prompts and backends, on a fake clock. */
export function openDemoThread() {
  const clock = createFakeClock();
  const catalogue = createCatalogue();
  const backends = createBackends({
    env: {},
    clock,
    catalogue,
    concessions: createConcessionBook(),
    random: () => 0.5,
  });
  const agents = STYLES.map((style) => ({
    id: AgentId.parse(style),
    instructions: "",
    backend: backends.create(configOf(style), { limits: policy.limits }),
    facts: catalogue.facts(configOf(style)),
    cost: (usage: Parameters<typeof catalogue.cost>[1]) => catalogue.cost(configOf(style), usage),
  }));
  const history: ConversationMessage[] = [];

  async function ask(text: string, author = "Ada"): Promise<Exchange> {
    const id = String(history.length);
    const request: ConversationMessage = { id, role: "user", author, text, files: [] };
    const moves = createMoves({
      agents,
      policy,
      conversation: { history: [...history], request, complete: true, fenceCode: "5d0c93f1" },
      inbox: () => [],
      calibration: createCalibration(),
      clock,
      signal: new AbortController().signal,
    });
    const events: TurnEvent[] = [
      {
        type: "turn_started",
        at: 0,
        turn: TurnId.parse(`turn-${id}`),
        team: "demo",
        agents: agents.map((agent) => ({ id: agent.id, name: agent.id })),
        policy,
      },
    ];
    const startedAt = clock.now();
    const turn = runTurn(events, {
      clock,
      gate: async () => undefined,
      journal: {
        append: async () => undefined,
        close: async () => null,
      },
      startMove: (move, hooks) => moves.start(move, hooks),
      estimate: moves.estimate,
      route: async () => ({ mode: "team", reason: "", usage: null }),
      onEvent: (event) => events.push(event),
      onDelta: () => undefined,
    });
    const state = await untilDone(turn.done);
    const final = state.presented ?? "";
    history.push(request, {
      id: `${id}+`,
      role: "assistant",
      author: "Parley",
      text: final,
      files: [],
    });
    return { final, events, state, took: clock.now() - startedAt };
  }

  async function untilDone(done: Promise<TurnState>): Promise<TurnState> {
    let ended: TurnState | undefined;
    void done.then((state) => (ended = state));
    while (!ended) if (!(await clock.next())) await new Promise((r) => setImmediate(r));
    return ended;
  }

  return { ask };
}

export const ofType = <T extends TurnEvent["type"]>({ events }: Exchange, type: T) =>
  events.filter((event): event is Extract<TurnEvent, { type: T }> => event.type === type);
