import type { Scenario } from "../../../bench/load/scenario.ts";
import { arrivalOf } from "../../../bench/load/scenario.ts";
import { BackendError, type Backend, type BackendRequest } from "../../../src/backends/backend.ts";
import { createAccount } from "../../../src/backends/resilience/account.ts";
import { createResilientBackend } from "../../../src/backends/resilience/resilient-backend.ts";
import { Limits } from "../../../src/coordination/policy.ts";
import { createFakeClock, type FakeClock } from "../../support/fake-clock.ts";
import { done, question, text } from "../scripted-backend.ts";

/** How a provider limits its calls, and what it says about it. */
export interface Provider {
  /** Calls at once; null: any number. */
  readonly room: number | null;
  /** Whether replies say what is left. */
  readonly hasHeaders: boolean;
  /** How a refusal names the time to wait. */
  readonly retryAfter: "exact" | "seconds" | "none";
  /** Until a call is taken on or refused, ms. */
  readonly latencyMs: number;
}

export interface Scheduled {
  /** How long each turn took, ms, in their order. */
  readonly took: readonly number[];
  readonly failed: number;
  readonly calls: number;
}

/** Runs the calls of a scenario's turns through one account, on a fake clock: all answers of a turn, then all its reviews. */
export async function schedule(scenario: Scenario, provider: Provider): Promise<Scheduled> {
  const clock = createFakeClock();
  const server = createServer(clock, scenario, provider);
  const account = createAccount({ name: "provider", clock, isLocal: false });
  const resilient = createResilientBackend({
    seat: { backend: server.backend, account },
    clock,
    limits: Limits.parse({ move_timeout: 3_600, queue_timeout: 3_600 }),
    random: () => 0.5,
  });
  const took: number[] = [];
  let failed = 0;
  let running = scenario.threads;
  const ask = async (turnStartedAt: number) => {
    try {
      await Array.fromAsync(resilient.ask({ ...question(), turnStartedAt }));
    } catch {
      failed += 1;
    }
  };
  const play = async (turn: number) => {
    const arrival = arrivalOf(scenario, turn);
    await wait(clock, arrival);
    for (let moves = 0; moves < 2; moves += 1) {
      // Turns that arrive together differ by their order.
      const each = Array.from({ length: scenario.agents }, () => ask(arrival + turn / 1e6));
      await Promise.all(each);
    }
    took[turn] = clock.now() - arrival;
    running -= 1;
  };
  for (let turn = 0; turn < scenario.threads; turn += 1) void play(turn);
  while (running > 0 && (await clock.next()));
  return { took, failed, calls: server.calls() };
}

const wait = (clock: FakeClock, ms: number) =>
  new Promise<void>((resolve) => void clock.setTimer(ms, resolve));

function createServer(clock: FakeClock, { rate, callMs }: Scenario, provider: Provider) {
  const { room, hasHeaders, retryAfter, latencyMs } = provider;
  const state = { calls: 0, running: 0, level: rate?.capacity ?? 0, filledAt: 0 };
  const refuse = (ms: number) => {
    const rounded = retryAfter === "seconds" ? Math.ceil(ms / 1000) * 1000 : ms;
    const named = retryAfter === "none" ? {} : { retryAfterMs: rounded };
    return new BackendError("rate_limit", "Too many requests.", named);
  };
  const take = (): Headers => {
    if (room !== null && state.running >= room) throw refuse(1_000);
    if (!rate) return new Headers();
    const { capacity, perSecond } = rate;
    const perMs = perSecond / 1000;
    state.level = Math.min(capacity, state.level + (clock.now() - state.filledAt) * perMs);
    state.filledAt = clock.now();
    if (state.level < 1) throw refuse(Math.ceil((1 - state.level) / perMs));
    state.level -= 1;
    if (!hasHeaders) return new Headers();
    return new Headers({
      "x-ratelimit-limit-requests": String(capacity),
      "x-ratelimit-remaining-requests": String(Math.floor(state.level)),
      "x-ratelimit-reset-requests": `${Math.ceil((capacity - state.level) / perMs)}ms`,
    });
  };
  const backend: Backend = {
    kind: "openai",
    model: "m",
    provider: null,
    async *ask({ onAccepted }: BackendRequest) {
      state.calls += 1;
      await wait(clock, latencyMs);
      const headers = take();
      state.running += 1;
      onAccepted?.(headers);
      await wait(clock, callMs);
      state.running -= 1;
      yield text("Yes.");
      yield done;
    },
  };
  return { backend, calls: () => state.calls };
}
