import { describe, expect, test, vi } from "vitest";
import { type RunTurn, TurnSteppedBack } from "../../src/turns/engine/engine.ts";
import { asking, done, heldRun, starting, turnOf } from "./engine-bench.ts";
import type { EngineBench } from "./engine-bench.ts";
import { PATIENCE } from "../support/patience.ts";

/** How every `TurnEngine` shares turns with the process after it, and with others beside it. */
export function engineHandoverContract(name: string, open: () => Promise<EngineBench>): void {
  const start = starting(open);

  describe(`${name} as one engine of several`, () => {
    test("a drain with time enough lets running turns end, starts no others, and nothing runs twice", async () => {
      const { begun, run } = heldRun();
      const { bench, engine, ask } = await start(run);
      await ask("first");
      await vi.waitFor(() => expect(begun).toHaveLength(1), PATIENCE);
      const second = turnOf(await ask("second"));
      const drained = engine.drain(60_000);
      begun[0]?.end();
      await drained;
      expect(await engine.stats()).toEqual({ queued: 1, running: 0 });
      const next = heldRun();
      const successor = bench.engine();
      await successor.start(next.run);
      await vi.waitFor(
        () => expect(next.begun.map(({ turn }) => turn.id)).toEqual([second]),
        PATIENCE,
      );
      await successor.drain(0);
    });

    test("a drain that runs out of time hands the turn over: it is resumed, in order, and the start does not count", async () => {
      const { begun, run } = heldRun();
      const { bench, engine, ask } = await start(run);
      const first = turnOf(await ask("first"));
      await ask("second");
      await vi.waitFor(() => expect(begun).toHaveLength(1), PATIENCE);
      await engine.drain(0);
      expect(begun[0]?.signal.reason).toMatchObject({ stop: null });
      const next = heldRun();
      const successor = bench.engine();
      await successor.start(next.run);
      await vi.waitFor(() => expect(next.begun).toHaveLength(1), PATIENCE);
      expect(next.begun[0]?.turn).toMatchObject({ id: first, epoch: 2, attempts: 1 });
      await successor.drain(0);
    });

    test("a turn that steps back lets the one go first that came late, and the start does not count", async () => {
      const onProblem = vi.fn();
      const starts: string[] = [];
      const run: RunTurn = async (turn) => {
        starts.push(`${turn.request}, start ${turn.epoch}, attempt ${turn.attempts}`);
        if (turn.request !== "second" || turn.epoch > 1) return;
        await ask("first");
        if (await bench.store.turns.stepBack(turn)) throw new TurnSteppedBack();
      };
      const { bench, ask } = await start(run, { onProblem });
      await done(bench, turnOf(await ask("second")));
      expect(starts).toEqual([
        "second, start 1, attempt 1",
        "first, start 1, attempt 1",
        "second, start 2, attempt 1",
      ]);
      expect(onProblem).not.toHaveBeenCalled();
    });

    test("a turn started elsewhere meanwhile: the old run can write nothing and ends without a word", async () => {
      const onGivenUp = vi.fn(async () => undefined);
      const onProblem = vi.fn();
      const fenced: unknown[] = [];
      const run: RunTurn = async ({ id, epoch }) => {
        if (epoch > 1) return;
        await bench.store.turns.start(id);
        const write = bench.store.journal.append(id, epoch, [{ type: "time_passed", at: 1 }]);
        await write.catch((error: unknown) => {
          fenced.push(error);
          throw error;
        });
      };
      const { bench, ask } = await start(run, { onGivenUp, onProblem });
      const turn = turnOf(await ask("first"));
      await vi.waitFor(() => expect(fenced).toMatchObject([{ name: "FencedError" }]), PATIENCE);
      expect(await bench.store.journal.read(turn)).toEqual([]);
      expect([onGivenUp.mock.calls, onProblem.mock.calls]).toEqual([[], []]);
    });

    test("turns of a platform that this process does not serve wait for one that does, from before the start and after", async () => {
      const bench = await open();
      const engine = bench.engine({ platforms: ["test"] });
      const elsewhere = bench.engine({ platforms: ["other"] });
      await asking(bench, elsewhere, "there", "other")("before");
      const run = vi.fn<RunTurn>(async () => undefined);
      await engine.start(run);
      await asking(bench, elsewhere, "there", "other")("after");
      await done(bench, turnOf(await asking(bench, engine)("here")));
      expect(run).toHaveBeenCalledTimes(1);
      const there: string[] = [];
      await elsewhere.start(async ({ request }) => void there.push(request));
      await vi.waitFor(() => expect(there).toEqual(["before", "after"]), PATIENCE);
      await Promise.all([engine.drain(0), elsewhere.drain(0)]);
      await bench.close();
    });
  });
}
