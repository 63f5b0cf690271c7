import { expect, test } from "vitest";
import { createHealthRoute, type HealthOptions } from "../../src/http/health.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { serveRoute } from "../support/serve-route.ts";

const up = { name: "slack", isConnected: true };

async function rig(more: Partial<HealthOptions> = {}) {
  const clock = createFakeClock();
  const url = await serveRoute(
    createHealthRoute({
      phase: () => "serving",
      checkStore: async () => {},
      platforms: () => [up],
      clock,
      ...more,
    }),
  );
  const ask = async (path: string, method = "GET") => {
    const answer = await fetch(`${url}${path}`, { method });
    const text = await answer.text();
    return [answer.status, text === "" ? "" : JSON.parse(text)] as const;
  };
  return { url, ask, clock };
}

test("it is ready when it serves, its store answers and every platform is connected", async () => {
  const { ask } = await rig();
  const ready = { status: "ready", parts: { store: "ok", slack: "ok" } };
  expect(await ask("/readyz")).toEqual([200, ready]);
  expect(await ask("/readyz?from=balancer")).toEqual([200, ready]);
  expect(await ask("/healthz")).toEqual([200, { status: "ok" }]);
  expect(await ask("/readyz", "HEAD")).toEqual([200, ""]);
});

test("it says which part is missing", async () => {
  const { ask } = await rig({
    checkStore: () => Promise.reject(new Error("password authentication failed for parley")),
    platforms: () => [up, { name: "discord", isConnected: false }],
  });
  const parts = { store: "unavailable", slack: "ok", discord: "not connected" };
  expect(await ask("/readyz")).toEqual([503, { status: "not ready", parts }]);
  expect(await ask("/healthz")).toEqual([200, { status: "ok" }]);
});

test.each(["starting", "draining"] as const)("while %s it lives, and is not ready", async (now) => {
  const { ask } = await rig({ phase: () => now });
  const parts = { store: "ok", slack: "ok" };
  expect(await ask("/readyz")).toEqual([503, { status: now, parts }]);
  expect((await ask("/healthz"))[0]).toBe(200);
});

test("a store that keeps silent does not answer; it is asked once, however many want to know", async () => {
  const asked: number[] = [];
  const { ask, clock } = await rig({
    checkStore: () => new Promise(() => void asked.push(clock.now())),
  });
  const answers = [ask("/readyz"), ask("/readyz")];
  await expect.poll(() => asked).toHaveLength(1);
  await expect.poll(async () => (await ask("/healthz"))[0]).toBe(200);
  await clock.advance(2_000);
  const [first] = await Promise.all(answers);
  expect(first?.[1]).toMatchObject({ parts: { store: "unavailable" } });
});

test("it takes no other requests", async () => {
  const { url } = await rig();
  const statuses = [
    (await fetch(`${url}/readyz`, { method: "POST", body: "x" })).status,
    (await fetch(`${url}/readyz/`)).status,
    (await fetch(url)).status,
  ];
  expect(statuses).toEqual([404, 404, 404]);
});
