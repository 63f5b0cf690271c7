import { describe, expect, test, vi } from "vitest";
import { asking, done, heldRun, starting, stop, turnOf } from "./engine-bench.ts";
import type { EngineBench } from "./engine-bench.ts";
import { PATIENCE } from "../support/patience.ts";

/** What every `TurnEngine` does with turns that people see wait, because it has no room for them. */
export function engineRoomContract(name: string, open: () => Promise<EngineBench>): void {
  const start = starting(open);

  /** One turn runs, and another thread has two that wait, the first of them visibly. */
  async function openFull() {
    const { begun, run } = heldRun();
    const onFull = vi.fn();
    const { bench, engine, ask } = await start(run, { concurrency: 1, onFull });
    await ask("running");
    await vi.waitFor(() => expect(begun).toHaveLength(1), PATIENCE);
    const askThere = asking(bench, engine, "two");
    const waiting = turnOf(await askThere("waiting"));
    const behind = turnOf(await askThere("behind"));
    await vi.waitFor(() => expect(onFull).toHaveBeenCalled(), PATIENCE);
    expect(await bench.store.turns.markQueued(waiting, 60_000)).toBeDefined();
    const seen = () => begun.map(({ turn }) => turn.request);
    return { bench, engine, begun, waiting, behind, seen };
  }

  describe(`${name} without room`, () => {
    test("a turn that people see wait ends at once when it is stopped, and those behind it wait on", async () => {
      const { bench, engine, begun, waiting, seen } = await openFull();
      expect(engine.isFull()).toBe(true);
      expect(await engine.stop(waiting, stop)).toBe("stopping");
      await done(bench, waiting);
      expect(begun[1]?.signal.reason).toMatchObject({ stop });
      expect(seen()).toEqual(["running", "waiting"]);
      expect(begun[0]?.signal.aborted).toBe(false);
      begun[0]?.end();
      await vi.waitFor(() => expect(seen()).toEqual(["running", "waiting", "behind"]), PATIENCE);
      expect(await bench.store.turns.get(waiting)).toMatchObject({ epoch: 1, attempts: 1 });
    });

    test("a turn that has waited too long runs without room, once, so that it can say so", async () => {
      const { bench, engine, begun, waiting, seen } = await openFull();
      await bench.store.turns.markQueued(waiting, 60_000);
      await bench.store.db.q("UPDATE turns SET queued_until = queued_since WHERE id = $1", [
        waiting,
      ]);
      await bench.store.turns.expireQueued(0);
      const ending = await bench.store.turns.endingQueued("test");
      expect(ending.map(({ id }) => id)).toEqual([waiting]);
      for (const turn of [...ending, ...ending]) await engine.hurry(turn);
      await vi.waitFor(() => expect(seen()).toEqual(["running", "waiting"]), PATIENCE);
      begun[1]?.end();
      await done(bench, waiting);
      expect(seen()).toEqual(["running", "waiting"]);
      expect(await bench.store.turns.endingQueued("test")).toEqual([]);
    });

    test("a turn that nobody sees wait is withdrawn, as ever", async () => {
      const { bench, engine, behind, waiting } = await openFull();
      expect(await engine.stop(behind, stop)).toBe("withdrawn");
      expect(await bench.store.turns.get(behind)).toMatchObject({ outcome: "stopped", epoch: 0 });
      expect(await bench.store.turns.get(waiting)).toMatchObject({ state: "queued" });
    });
  });
}
