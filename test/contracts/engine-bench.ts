import { expect, onTestFinished, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { ConversationId, TurnId } from "../../src/ids.ts";
import type { Store } from "../../src/store/store.ts";
import type { Turn } from "../../src/store/tables/turn.ts";
import { TurnInterrupted } from "../../src/turns/engine/engine.ts";
import type { RunTurn, TurnEngine } from "../../src/turns/engine/engine.ts";
import type { EngineOptions } from "../../src/turns/engine/engine-options.ts";
import { acceptRequest } from "../../src/turns/intake/accept-request.ts";
import type { Accepted } from "../../src/turns/intake/accept-request.ts";
import { PATIENCE } from "../support/patience.ts";

export interface EngineSetting {
  /** Those it serves; "test" if absent. */
  readonly platforms?: readonly string[];
  readonly concurrency?: number;
  readonly attempts?: number;
  readonly onGivenUp?: (turn: Turn, error: unknown) => Promise<void>;
  readonly onProblem?: (problem: unknown) => void;
  readonly onFull?: () => void;
}

/** A store and engines over it; a second engine stands for the next process. */
export interface EngineBench {
  readonly store: Store;
  engine(setting?: EngineSetting): TurnEngine;
  close(): Promise<void>;
}

const thread = (name: string, platform = "test") =>
  ConversationId.parse(`${platform}:space:channel:${name}`);
export const stop = { by: "test:ada", reason: "stop" } as const;
export const turnOf = (taken: Accepted): TurnId => {
  if (taken.kind !== "queued") throw new Error(`no new turn: ${taken.kind}`);
  return taken.turn.id;
};

/** Asks `text` in a conversation, as a message that arrives there would. */
export const asking = (
  { store }: EngineBench,
  engine: TurnEngine,
  name = "one",
  platform = "test",
) => {
  const newTurnId = () => TurnId.parse(crypto.randomUUID());
  return (text: string, { claim = text, steer = false } = {}): Promise<Accepted> => {
    const author = { id: "ada", name: "Ada", kind: "person" } as const;
    const message = { id: text, author, text, files: [], at: 0 };
    const request = {
      claim: `${name}:${claim}`,
      conversation: thread(name, platform),
      message,
      steer,
    };
    return acceptRequest(
      { store, engine, newTurnId },
      { ...request, person: "test:ada", team: {} },
    );
  };
};

/** A run that ends when told to, and hands over when interrupted, as a turn does. */
export const heldRun = () => {
  const begun: { turn: Turn; signal: AbortSignal; end: () => void }[] = [];
  const run: RunTurn = (turn, signal) =>
    new Promise((resolve, reject) => {
      begun.push({ turn, signal, end: resolve });
      const leave = () => {
        const left = signal.reason instanceof TurnInterrupted && signal.reason.stop === null;
        if (left) reject(signal.reason);
        else resolve();
      };
      if (signal.aborted) leave();
      else signal.addEventListener("abort", leave);
    });
  return { begun, run };
};

/** What engines of a bench are made from, with what a test sets. */
export const engineOptions = (
  store: Store,
  { onProblem = () => undefined, platforms = ["test"], ...given }: EngineSetting = {},
): EngineOptions => ({
  store,
  clock: systemClock,
  concurrency: 8,
  attempts: 5,
  retryMs: 1,
  leaveMs: 1000,
  onGivenUp: async () => undefined,
  ...given,
  platforms: () => platforms,
  onProblem: (problem) => onProblem(problem),
});

/** Starts an engine that ends with the test. */
export const starting =
  (open: () => Promise<EngineBench>) => async (run: RunTurn, setting?: EngineSetting) => {
    const bench = await open();
    const engine = bench.engine(setting);
    await engine.start(run);
    onTestFinished(async () => {
      await engine.drain(0);
      await bench.close();
    });
    return { bench, engine, ask: asking(bench, engine) };
  };

/** Resolves when a turn has ended. */
export const done = ({ store }: EngineBench, id: TurnId) =>
  vi.waitFor(
    async () => expect(await store.turns.get(id)).toMatchObject({ state: "done" }),
    PATIENCE,
  );
