import { createServer, type Server } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { createAnthropicBackend } from "../../src/backends/anthropic/anthropic.ts";
import type { Backend } from "../../src/backends/backend.ts";
import { createCompatibleBackend } from "../../src/backends/compatible/compatible.ts";
import { createGeminiBackend } from "../../src/backends/gemini/gemini.ts";
import { createOpenAIBackend } from "../../src/backends/openai/openai.ts";
import { anthropicWire } from "../servers/anthropic-wire.ts";
import { chatWire } from "../servers/chat-wire.ts";
import { geminiWire } from "../servers/gemini-wire.ts";
import type { Wire } from "../servers/model-wire.ts";
import { responsesWire } from "../servers/responses-wire.ts";
import { type Listening, listen } from "../servers/slack/listen.ts";
import { PATIENCE } from "../support/patience.ts";
import { ask, said } from "./ask.ts";

const apiKey = "sk-test-0123456789abcdef";
const BACKENDS: readonly (readonly [string, Wire, (origin: string) => Backend])[] = [
  [
    "openai",
    responsesWire,
    (at) => createOpenAIBackend({ model: "m", apiKey, baseUrl: `${at}/v1` }),
  ],
  [
    "compatible",
    chatWire,
    (at) => createCompatibleBackend({ model: "m", apiKey, baseUrl: `${at}/v1` }),
  ],
  [
    "anthropic",
    anthropicWire,
    (baseUrl) => createAnthropicBackend({ model: "m", apiKey, baseUrl }),
  ],
  ["gemini", geminiWire, (baseUrl) => createGeminiBackend({ model: "m", apiKey, baseUrl })],
];

const REPLY = {
  text: "42.",
  usage: { input: 1, cached: 0, cacheWritten: 0, output: 1, reasoning: 0 },
};

/** A model server that ends its response `endsAfterMs` after the reply is complete; null: never. */
async function startServer(wire: Wire, endsAfterMs: number | null) {
  const seen = { connections: 0, closed: 0 };
  const server: Server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write([...wire.content(REPLY), ...wire.finish(REPLY)].join(""));
    if (endsAfterMs !== null) setTimeout(() => response.end(), endsAfterMs);
  });
  server.on("connection", (socket) => {
    seen.connections += 1;
    socket.on("close", () => (seen.closed += 1));
  });
  listening = await listen(server);
  return { url: listening.url, seen };
}
let listening: Listening | undefined;
afterEach(() => listening?.close());

test.each(BACKENDS)(
  "%s uses a connection again, though the server ends its response after the reply",
  async (_, wire, create) => {
    const { url, seen } = await startServer(wire, 30);
    const backend = create(url);
    let calls = 0;
    // The end of a response may still be on its way when the next call begins.
    await vi.waitFor(async () => {
      expect(said(await ask(backend))).toBe("42.");
      calls += 1;
      expect(seen.connections).toBeLessThan(calls);
    }, PATIENCE);
  },
);

test.each(BACKENDS.filter(([name]) => name !== "gemini"))(
  "%s does not wait for a server that keeps its response open, and closes the connection",
  async (_, wire, create) => {
    const { url, seen } = await startServer(wire, null);
    expect(said(await ask(create(url)))).toBe("42.");
    await vi.waitFor(() => expect(seen.closed).toBeGreaterThan(0), PATIENCE);
  },
);
