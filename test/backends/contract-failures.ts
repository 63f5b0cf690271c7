import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { BackendError } from "../../src/backends/backend.ts";
import type { FailureClass } from "../../src/coordination/turn-event.ts";
import type { ErrorKind } from "../servers/model-wire.ts";
import { failure } from "./ask.ts";
import { TEST_KEY, TEST_MODEL } from "./contract-stage.ts";
import type { Stage } from "./contract-stage.ts";

const refusals: readonly (readonly [ErrorKind, FailureClass])[] = [
  ["rate_limit", "rate_limit"],
  ["overloaded", "overloaded"],
  ["server", "overloaded"],
  ["auth", "auth"],
  ["forbidden", "auth"],
  ["not_found", "bad_request"],
  ["context", "context"],
  ["bad_request", "bad_request"],
];

/** A port that no server gets by chance, and that fetch does not block. */
const CLOSED_URL = "http://127.0.0.1:3";

const some = { text: "It is forty-" };

/** How a call fails, and with what. */
export function describeFailures(stage: Stage): void {
  const { setup, faults, backend } = stage;
  const triesOf = (error: ErrorKind): number => setup.differs?.tries?.[error] ?? 1;
  const refuse = (error: ErrorKind, fields: { retryAfter?: number } = {}) =>
    faults().play(
      ...Array.from(
        { length: triesOf(error) },
        () => ({ type: "refuse", error, ...fields }) as const,
      ),
    );

  describe("a failure", () => {
    test.each(refusals)(
      "by a refusal (%s) is of class %s, and is not tried again",
      async (error, class_) => {
        refuse(error);
        const thrown = await failure(backend());
        expect(thrown).toBeInstanceOf(BackendError);
        expect(thrown.failure).toBe(class_);
        expect(faults().requests).toHaveLength(triesOf(error));
      },
    );

    test.skipIf(setup.differs?.noQuota)(
      "by a used-up quota is one that does not pass",
      async () => {
        refuse("quota", { retryAfter: 5 });
        expect((await failure(backend())).passing).toBe(false);
      },
    );

    test.skipIf(setup.differs?.noRetryAfter)(
      "tells how long the provider asks to wait",
      async () => {
        refuse("rate_limit", { retryAfter: 7 });
        expect((await failure(backend())).retryAfterMs).toBe(7000);
      },
    );

    test("by a refused key names what to set, and never shows the key", async () => {
      refuse("auth");
      const thrown = await failure(backend());
      expect(thrown.message).toContain(setup.keyName);
      expect(inspect(thrown, { depth: 10 })).not.toContain(TEST_KEY);
    });

    test("by a key without rights never shows the key", async () => {
      refuse("forbidden");
      expect(inspect(await failure(backend()), { depth: 10 })).not.toContain(TEST_KEY);
    });

    test.each([
      ["as it is", TEST_KEY],
      ["masked", `${TEST_KEY.slice(0, 12)}***${TEST_KEY.slice(-4)}`],
      ["cut off", TEST_KEY.slice(0, 14)],
      ["percent-encoded", `key%3D${encodeURIComponent(TEST_KEY)}`],
      ["in base64", Buffer.from(`user:${TEST_KEY}`).toString("base64")],
      ["in hex", Buffer.from(TEST_KEY).toString("hex")],
      ["beyond the cut", `${"x".repeat(390)} ${TEST_KEY}`],
    ])("that echoes the key, %s, never shows it", async (_, echoed) => {
      const message = `Refused: ${echoed} \u001b[2J\u202e`;
      const body = JSON.stringify({ error: { message, type: "error", code: 400 } });
      const headers = { "content-type": "application/json" };
      faults().play(
        ...Array.from(
          { length: triesOf("bad_request") },
          () => ({ type: "raw", status: 400, headers, body }) as const,
        ),
      );
      const thrown = await failure(backend());
      expect(thrown.message).toContain("Refused: ");
      const shown = inspect(thrown, { depth: 10 });
      for (const part of [echoed, TEST_KEY.slice(0, 12)]) expect(shown).not.toContain(part);
      expect(thrown.message).not.toMatch(/\p{Cc}|\u202e/u);
    });

    test("that names its address shows no password and no secret of a path", async () => {
      const closed = CLOSED_URL.replace("://", "://ada:hush-hush-1@");
      const thrown = await failure(backend({ url: `${closed}/t0ps3cret` }));
      expect(thrown.message).not.toMatch(/hush|t0ps3cret/);
      expect(inspect(thrown, { depth: 10 })).not.toMatch(/hush|t0ps3cret/);
    });

    test("by an unknown address or model names the model", async () => {
      refuse("not_found");
      expect((await failure(backend())).message).toContain(TEST_MODEL);
    });

    test.each(["overloaded", "rate_limit"] as const)(
      "inside a running stream keeps its class (%s)",
      async (error) => {
        faults().play({ type: "break", after: some, error });
        expect((await failure(backend())).failure).toBe(setup.differs?.streamErrors ?? error);
      },
    );

    test("inside a stream that said nothing yet keeps its class", async () => {
      faults().play({ type: "break", after: {}, error: "overloaded" });
      expect((await failure(backend())).failure).toBe("overloaded");
    });

    test("by a stream that ends in mid-answer is an incomplete answer, not a short one", async () => {
      faults().play({ type: "cut", after: some });
      expect((await failure(backend())).failure).toBe("incomplete");
    });

    test("by a stream that ends after a tool call but without a finish is incomplete", async () => {
      faults().play({ type: "cut", after: { calls: [{ name: "vote", arguments: "{}" }] } });
      expect((await failure(backend())).failure).toBe("incomplete");
    });

    test("by an empty stream is incomplete", async () => {
      faults().play({ type: "raw", body: "" });
      expect((await failure(backend())).failure).toBe("incomplete");
    });

    test("by a dropped connection is the network's", async () => {
      faults().play({ type: "drop", after: some });
      expect((await failure(backend())).failure).toBe("network");
    });

    test("by a port where nothing listens is the network's, and names the address", async () => {
      const thrown = await failure(backend({ url: CLOSED_URL }));
      expect(thrown.failure).toBe("network");
      if (!setup.differs?.ownRequest) expect(thrown.message).toContain(CLOSED_URL);
    });

    test("by a page that is no API answer is a failure all the same", async () => {
      faults().play({ type: "raw", status: 502, body: "<html>Bad gateway</html>" });
      expect((await failure(backend())).failure).toBe("overloaded");
    });
  });
}
