import { describe, expect, test, vi } from "vitest";
import type { BackendEvent } from "../../src/backends/backend.ts";
import type { Scene } from "../servers/model-faults.ts";
import { request } from "./ask.ts";
import type { Stage } from "./contract-stage.ts";
import { PATIENCE } from "../support/patience.ts";

const stopped = new Error("the turn was stopped");
const some = { text: "It is forty-" };

/** How a call ends when nobody wants it any more. */
export function describeAborts({ faults, backend }: Stage): void {
  /** Starts a call, aborts it once `ready` holds, and gives what it threw. */
  const abortWhen = async (scene: Scene, ready: (events: BackendEvent[]) => boolean) => {
    faults().play(scene);
    const stop = new AbortController();
    const events: BackendEvent[] = [];
    const reading = (async () => {
      for await (const event of backend().ask(request({ signal: stop.signal }))) events.push(event);
    })();
    const thrown = reading.then(
      () => expect.fail("the call ended as if it were complete"),
      (error: unknown) => error,
    );
    await vi.waitFor(() => expect(ready(events)).toBe(true), { ...PATIENCE, interval: 2 });
    stop.abort(stopped);
    return { thrown: await thrown, events };
  };
  const arrived = () => faults().requests.length === 1;
  const hungUp = () => vi.waitFor(() => expect(faults().requests[0]?.hungUp).toBe(true), PATIENCE);

  describe("an aborted call", () => {
    test("that has not begun sends nothing and throws the signal's reason", async () => {
      const reading = Array.fromAsync(
        backend().ask(request({ signal: AbortSignal.abort(stopped) })),
      );
      await expect(reading).rejects.toBe(stopped);
      expect(faults().requests).toHaveLength(0);
    });

    test("throws the signal's reason while the provider says nothing at all", async () => {
      const { thrown } = await abortWhen({ type: "silence" }, arrived);
      expect(thrown).toBe(stopped);
      await hungUp();
    });

    test("throws the signal's reason while the provider has sent only headers", async () => {
      const { thrown } = await abortWhen({ type: "silence", headers: true }, arrived);
      expect(thrown).toBe(stopped);
      await hungUp();
    });

    test("throws the signal's reason when the stream stalls in mid-answer, and hangs up", async () => {
      const { thrown, events } = await abortWhen({ type: "stall", after: some }, (so_far) =>
        so_far.some((event) => event.type === "text"),
      );
      expect(thrown).toBe(stopped);
      expect(events.some((event) => event.type === "done")).toBe(false);
      await hungUp();
    });

    test("hangs up when its reader leaves", async () => {
      faults().play({ type: "stall", after: some });
      for await (const event of backend().ask(request())) if (event.type === "text") break;
      await hungUp();
    });

    test("does not disturb another call of the same backend", async () => {
      faults().play({ type: "stall", after: some }, { type: "answer", reply: { text: "42" } });
      const one = backend();
      const stop = new AbortController();
      const first = Array.fromAsync(one.ask(request({ signal: stop.signal })));
      await vi.waitFor(() => expect(faults().requests).toHaveLength(1), {
        ...PATIENCE,
        interval: 2,
      });
      const second = Array.fromAsync(one.ask(request()));
      stop.abort(stopped);
      await expect(first).rejects.toBe(stopped);
      expect((await second).at(-1)).toMatchObject({ type: "done" });
    });
  });
}
