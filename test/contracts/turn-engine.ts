import { describe, expect, test, vi } from "vitest";
import type { RunTurn } from "../../src/turns/engine/engine.ts";
import { asking, done, heldRun, starting, stop, turnOf } from "./engine-bench.ts";
import { engineHandoverContract } from "./engine-handover.ts";
import { engineRoomContract } from "./engine-room.ts";
import type { EngineBench } from "./engine-bench.ts";
import { PATIENCE } from "../support/patience.ts";

/** What every `TurnEngine` must do, with the store beneath it. `turns`: how many each of twenty conversations has, where order is looked at. */
export function turnEngineContract(
  name: string,
  open: () => Promise<EngineBench>,
  turns = 15,
): void {
  const start = starting(open);

  describe(`${name} as a turn engine`, () => {
    test("twenty conversations of many turns: in order, never two at once in one, as parallel as allowed", async () => {
      const order = new Map<string, string[]>();
      const now = new Set<string>();
      const overlaps: string[] = [];
      let most = 0;
      const full = Promise.withResolvers<void>();
      const { bench, engine } = await start(
        async ({ conversation, request }) => {
          if (now.has(conversation)) overlaps.push(conversation);
          most = Math.max(most, now.add(conversation).size);
          if (most === 8) full.resolve();
          await full.promise;
          order.set(conversation, [...(order.get(conversation) ?? []), request]);
          now.delete(conversation);
        },
        { concurrency: 8 },
      );
      const asks = Array.from({ length: 20 }, (_, i) => asking(bench, engine, `t${i}`));
      const numbers = Array.from({ length: turns }, (_, i) => String(i));
      const askAll = async (ask: ReturnType<typeof asking>) => {
        for (const n of numbers) await ask(n);
      };
      await Promise.all(asks.map(askAll));
      await vi.waitFor(() => expect([...order.values()].flat()).toHaveLength(20 * turns), PATIENCE);
      expect(overlaps).toEqual([]);
      expect([...order.values()]).toEqual(asks.map(() => numbers));
      expect(most).toBe(8);
    });

    test("one event delivered eleven times, and once more after the turn has ended, is one turn", async () => {
      const run = vi.fn<RunTurn>(async () => undefined);
      const { bench, ask } = await start(run);
      const taken = await Promise.all(Array.from({ length: 11 }, () => ask("hello")));
      const queued = taken.filter(({ kind }) => kind === "queued");
      expect(queued).toHaveLength(1);
      await done(bench, turnOf(queued[0] ?? taken[0] ?? { kind: "duplicate" }));
      expect(await ask("hello")).toEqual({ kind: "duplicate" });
      expect(run).toHaveBeenCalledTimes(1);
    });

    test("a request whose transaction fails leaves no claim and no turn, and runs when it is delivered again", async () => {
      const run = vi.fn<RunTurn>(async () => undefined);
      const { bench, engine, ask } = await start(run);
      const failing = asking(bench, { ...engine, enqueue: () => Promise.reject(new Error("no")) });
      await expect(failing("hello")).rejects.toThrow("no");
      await done(bench, turnOf(await ask("hello")));
      expect(run).toHaveBeenCalledTimes(1);
    });

    test("stop reaches the running turn, and the next turn does not overlap", async () => {
      const { begun, run } = heldRun();
      const { bench, engine, ask } = await start(run);
      const first = turnOf(await ask("first"));
      await vi.waitFor(() => expect(begun).toHaveLength(1), PATIENCE);
      expect(await engine.stop(first, stop)).toBe("stopping");
      const second = turnOf(await ask("second"));
      await vi.waitFor(() => expect(begun[0]?.signal.aborted).toBe(true), { interval: 1 });
      expect(begun[0]?.signal.reason).toMatchObject({ stop });
      await vi.waitFor(() => expect(begun[1]?.turn.id).toBe(second), PATIENCE);
      expect(await bench.store.turns.get(first)).toMatchObject({
        state: "done",
        outcome: "completed",
      });
    });

    test("a queued turn that is stopped never runs; those around it do", async () => {
      const { begun, run } = heldRun();
      const { bench, engine, ask } = await start(run);
      await ask("first");
      const second = turnOf(await ask("second"));
      const third = turnOf(await ask("third"));
      await vi.waitFor(() => expect(begun).toHaveLength(1), PATIENCE);
      expect(await engine.stop(second, stop)).toBe("withdrawn");
      begun[0]?.end();
      await vi.waitFor(() => expect(begun[1]?.turn.id).toBe(third), PATIENCE);
      expect(await bench.store.turns.get(second)).toMatchObject({ outcome: "stopped", epoch: 0 });
    });

    test("stopping a turn that has ended changes nothing", async () => {
      const { bench, engine, ask } = await start(async () => undefined);
      const turn = turnOf(await ask("first"));
      await done(bench, turn);
      expect(await engine.stop(turn, stop)).toBe("ended");
      expect(await bench.store.turns.get(turn)).toMatchObject({
        outcome: "completed",
        cancel: null,
      });
    });

    test("a stop that came while nobody ran the turn is seen by whoever resumes it", async () => {
      const bench = await open();
      const ask = asking(bench, bench.engine());
      const turn = turnOf(await ask("first"));
      await bench.store.turns.start(turn);
      await bench.store.turns.cancel(turn, stop);
      const { begun, run } = heldRun();
      const engine = bench.engine();
      await engine.start(run);
      await done(bench, turn);
      expect(begun.map(({ signal }) => signal.aborted)).toEqual([true]);
      await engine.drain(0);
      await bench.close();
    });

    test("a turn that cannot be run is tried again, given up once, and its conversation goes on", async () => {
      const onGivenUp = vi.fn(async () => undefined);
      const onProblem = vi.fn();
      const run = vi.fn<RunTurn>(async ({ request }) => {
        if (request === "poison") throw new Error("the store is away");
      });
      const { bench, ask } = await start(run, { attempts: 3, onGivenUp, onProblem });
      const poison = turnOf(await ask("poison"));
      await done(bench, turnOf(await ask("next")));
      expect(await bench.store.turns.get(poison)).toMatchObject({ outcome: "failed", attempts: 3 });
      expect(onProblem).toHaveBeenCalledTimes(2);
      expect(onGivenUp).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ id: poison }),
        expect.objectContaining({ message: "the store is away" }),
      );
    });

    test("a turn that killed its process every time is given up without another run", async () => {
      const bench = await open();
      const turn = turnOf(await asking(bench, bench.engine())("poison"));
      for (const _ of [1, 2, 3]) await bench.store.turns.start(turn);
      const onGivenUp = vi.fn(async () => undefined);
      const run = vi.fn<RunTurn>(async () => undefined);
      const engine = bench.engine({ attempts: 3, onGivenUp });
      await engine.start(run);
      await done(bench, turn);
      expect([run.mock.calls.length, onGivenUp.mock.calls.length]).toEqual([0, 1]);
      await engine.drain(0);
      await bench.close();
    });

    test("an apology that fails does not block the conversation either", async () => {
      const onGivenUp = () => Promise.reject(new Error("the platform is away"));
      const run: RunTurn = async ({ request }) => {
        if (request === "poison") throw new Error("no");
      };
      const { bench, ask } = await start(run, { attempts: 1, onGivenUp });
      await ask("poison");
      await done(bench, turnOf(await ask("next")));
    });

    test("a message steers the running turn, and becomes the next one once that has closed", async () => {
      const { begun, run } = heldRun();
      const { bench, ask } = await start(run);
      const first = turnOf(await ask("first"));
      await vi.waitFor(() => expect(begun).toHaveLength(1), PATIENCE);
      expect(await ask("more", { steer: true })).toEqual({ kind: "steered", turn: first });
      expect(await ask("more", { steer: true })).toEqual({ kind: "duplicate" });
      await bench.store.inbox.close(first, 1);
      expect(await ask("late", { steer: true })).toMatchObject({ kind: "queued", ahead: 1 });
    });
  });
  engineHandoverContract(name, open);
  engineRoomContract(name, open);
}
