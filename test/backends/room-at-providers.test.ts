import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { createConcessionBook } from "../../src/backends/concessions/ledger.ts";
import type { BackendConfig } from "../../src/backends/config.ts";
import { type Backends, createBackends } from "../../src/backends/index.ts";
import { Limits } from "../../src/coordination/policy.ts";
import { anthropicWire } from "../servers/anthropic-wire.ts";
import { chatWire } from "../servers/chat-wire.ts";
import { geminiWire } from "../servers/gemini-wire.ts";
import type { Wire } from "../servers/model-wire.ts";
import { responsesWire } from "../servers/responses-wire.ts";
import { listen as serve, type Listening } from "../servers/slack/listen.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { listen, question } from "./scripted-backend.ts";
import { PATIENCE } from "../support/patience.ts";

const USAGE = { input: 10, cached: 0, cacheWritten: 0, output: 5, reasoning: 0 };

interface Held {
  readonly path: string;
  /** Answers with these headers. */
  readonly answer: (headers?: Record<string, string>) => void;
  readonly refuse: (headers?: Record<string, string>) => void;
}

const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A model server whose replies the test sends, on a fake clock. */
async function setUp(wire: Wire) {
  const held: Held[] = [];
  let arrived = 0;
  const take = (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    arrived += 1;
    held.push({
      path: request.url ?? "",
      answer(headers = {}) {
        const reply = { text: "Yes.", usage: USAGE };
        response.writeHead(200, { "content-type": "text/event-stream", ...headers });
        response.end([...wire.content(reply), ...wire.finish(reply)].join(""));
      },
      refuse(headers = {}) {
        const { status, body } = wire.failure("rate_limit", { key: "", retryAfter: undefined });
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify(body));
      },
    });
  };
  const server = await serve(createServer(take));
  servers.push(server);
  const clock = createFakeClock();
  const backends = createBackends({
    env: {},
    clock,
    catalogue: createCatalogue(),
    concessions: createConcessionBook(),
  });
  return {
    clock,
    url: server.url,
    backends,
    arrived: () => arrived,
    /** Waits for so many requests and hands them over. */
    take: async (count: number): Promise<readonly Held[]> => {
      await vi.waitFor(() => expect(held.length).toBeGreaterThanOrEqual(count), PATIENCE);
      return held.splice(0, count);
    },
  };
}

const ask = (backends: Backends, config: BackendConfig, turnStartedAt?: number) => {
  const limits = Limits.parse({});
  const request = { ...question(), ...(turnStartedAt !== undefined && { turnStartedAt }) };
  return listen(backends.create(config, { limits }).ask(request));
};

const DATE = "Sat, 28 Nov 2026 20:00:00 GMT";

/** Each provider's way to say that nothing is left for 30 s. */
const PROVIDERS = [
  {
    type: "openai",
    wire: responsesWire,
    path: "/v1",
    headers: { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "30s" },
  },
  {
    type: "compatible",
    wire: chatWire,
    path: "/v1",
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" },
  },
  {
    type: "anthropic",
    wire: anthropicWire,
    path: "",
    headers: {
      "anthropic-ratelimit-requests-limit": "50",
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-28T20:00:30Z",
    },
  },
  {
    type: "gemini",
    wire: geminiWire,
    path: "",
    headers: { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "30s" },
  },
] as const;

describe.each(PROVIDERS)("$type", ({ type, wire, path, headers }) => {
  const configOf = (url: string, more: Partial<BackendConfig> = {}): BackendConfig => ({
    type,
    model: "mock",
    base_url: `${url}${path}`,
    api_key: "key",
    ...more,
  });

  it("$type waits for the reset when a reply says that nothing is left", async () => {
    const { backends, url, take, clock, arrived } = await setUp(wire);
    const first = ask(backends, configOf(url));
    const [call] = await take(1);
    call?.answer({ date: DATE, ...headers });
    await vi.waitFor(() => expect(first.outcome).toBe("done"), PATIENCE);
    const second = ask(backends, configOf(url));
    await clock.advance(29_000);
    expect(second.events).toEqual([{ type: "queued", cause: "rate_limit", resumesInMs: null }]);
    expect(arrived()).toBe(1);
    await clock.advance(1_001);
    (await take(1))[0]?.answer();
    await vi.waitFor(() => expect(second.outcome).toBe("done"), PATIENCE);
  });

  it("$type sends four calls at once to a server on this machine, and more as it takes them on", async () => {
    const { backends, url, take, arrived } = await setUp(wire);
    const calls = Array.from({ length: 20 }, () => ask(backends, configOf(url)));
    const first = await take(4);
    expect(arrived()).toBe(4);
    for (const call of first) call.answer();
    (await take(8)).forEach((call) => call.answer());
    (await take(8)).forEach((call) => call.answer());
    await vi.waitFor(
      () => expect(calls.every(({ outcome }) => outcome === "done")).toBe(true),
      PATIENCE,
    );
  });

  it("$type never has more calls under way than its concurrency", async () => {
    const { backends, url, take, arrived } = await setUp(wire);
    const calls = Array.from({ length: 9 }, () => ask(backends, configOf(url, { concurrency: 3 })));
    for (let round = 1; round <= 3; round += 1) {
      const held = await take(3);
      expect(arrived()).toBe(3 * round);
      for (const call of held) call.answer();
    }
    await vi.waitFor(
      () => expect(calls.every(({ outcome }) => outcome === "done")).toBe(true),
      PATIENCE,
    );
  });

  it("$type loses no call to a burst of refusals, pauses as long as asked and halves its calls", async () => {
    const { backends, url, take, clock, arrived } = await setUp(wire);
    const config = configOf(url, { concurrency: 16 });
    const calls = Array.from({ length: 16 }, () => ask(backends, config));
    for (const call of await take(16)) call.refuse({ "retry-after": "20" });
    await vi.waitFor(
      () => expect(calls.every(({ events }) => events.at(-1)?.type === "queued")).toBe(true),
      PATIENCE,
    );
    await clock.advance(20_000);
    const again = await take(8);
    expect(arrived()).toBe(24);
    for (const call of again) call.answer();
    (await take(8)).forEach((call) => call.answer());
    await vi.waitFor(
      () => expect(calls.every(({ outcome }) => outcome === "done")).toBe(true),
      PATIENCE,
    );
    expect(calls.every((call) => call.retries().length === 1)).toBe(true);
  });
});

it("calls of the oldest turn go first, whichever team they come from", async () => {
  const { backends, url, take } = await setUp(chatWire);
  const configOf = (model: string): BackendConfig => ({
    type: "compatible",
    model,
    base_url: `${url}/v1`,
    api_key: "key",
    concurrency: 1,
  });
  const running = ask(backends, configOf("a"), 1);
  const [first] = await take(1);
  const young = ask(backends, configOf("b"), 3);
  const old = ask(backends, configOf("c"), 2);
  first?.answer();
  (await take(1))[0]?.answer();
  await vi.waitFor(
    () => expect([running.outcome, old.outcome]).toEqual(["done", "done"]),
    PATIENCE,
  );
  expect(young.outcome).toBeUndefined();
  (await take(1))[0]?.answer();
  await vi.waitFor(() => expect(young.outcome).toBe("done"), PATIENCE);
});

it("the same key at another address is another account", async () => {
  const { backends, url, take } = await setUp(chatWire);
  const at = (path: string): BackendConfig => ({
    type: "compatible",
    model: "m",
    base_url: `${url}/${path}/v1`,
    api_key: "key",
    concurrency: 1,
  });
  for (const path of ["a", "a", "b", "b"]) ask(backends, at(path));
  const held = await take(2);
  expect(held.map(({ path }) => path).toSorted()).toEqual([
    "/a/v1/chat/completions",
    "/b/v1/chat/completions",
  ]);
});
