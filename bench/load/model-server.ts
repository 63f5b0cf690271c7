import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { chatWire } from "../../test/servers/chat-wire.ts";
import type { Reply } from "../../test/servers/model-wire.ts";
import { listen } from "../../test/servers/slack/listen.ts";
import { Scenario } from "./scenario.ts";

const USAGE = { input: 900, cached: 600, cacheWritten: 0, output: 450, reasoning: 0 };
/** A vote in the form of today's tool. */
const BALLOT = JSON.stringify({
  reason: "It names what changes first.",
  objection: "",
  objection_to: "",
  scores: ["A", "B", "C"].map((answer, at) => ({ answer, score: 4 + ((at * 3) % 7) })),
});

let scenario: Scenario = { threads: 0, agents: 0, overMs: 0, callMs: 0, rate: null, factor: 1 };
let level = 0;
let filledAt = 0;
let refused = 0;

/** Takes a call from the bucket; false: it is empty. The headers say what is left, as OpenAI's do. */
function take(response: ServerResponse): boolean {
  const { rate } = scenario;
  if (!rate) return true;
  const now = performance.now();
  level = Math.min(rate.capacity, level + ((now - filledAt) * rate.perSecond) / 1000);
  filledAt = now;
  const isTaken = level >= 1;
  if (isTaken) level -= 1;
  response.setHeader("x-ratelimit-limit-requests", String(rate.capacity));
  response.setHeader("x-ratelimit-remaining-requests", String(Math.floor(level)));
  const fullMs = Math.ceil(((rate.capacity - level) * 1000) / rate.perSecond);
  response.setHeader("x-ratelimit-reset-requests", `${fullMs}ms`);
  if (!isTaken) {
    const waitMs = Math.ceil(((1 - level) * 1000) / rate.perSecond);
    response.setHeader("retry-after-ms", String(waitMs));
  }
  return isTaken;
}

function answer(body: string, response: ServerResponse): void {
  if (!take(response)) {
    refused += 1;
    const { status, body: error } = chatWire.failure("rate_limit", { key: "", retryAfter: 1 });
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(error));
    return;
  }
  const isReview = /<team-answer(?:-\w+)? label=/.test(body);
  const reply: Reply = isReview
    ? { calls: [{ name: "vote", arguments: BALLOT }], usage: USAGE }
    : { text: `Keep the plan, says ${Math.random()}.`, usage: USAGE };
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.flushHeaders();
  const send = () => response.end([...chatWire.content(reply), ...chatWire.finish(reply)].join(""));
  setTimeout(send, scenario.callMs);
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync<Buffer>(request)).toString();
  if (request.url !== "/scenario") return answer(body, response);
  scenario = Scenario.parse(JSON.parse(body));
  level = scenario.rate?.capacity ?? 0;
  filledAt = performance.now();
  response.end(JSON.stringify({ refused }));
  refused = 0;
}

const server = createServer((request, response) => void serve(request, response));
server.on("connection", (socket) => socket.setNoDelay(true));
// Parley reaches it as a proxy, under the name of a public provider: local servers get fewer calls at once.
server.on("connect", (_request, socket) => {
  socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
  server.emit("connection", socket);
});
server.keepAliveTimeout = 120_000;
const { url } = await listen(server);
process.send?.({ url });
process.on("disconnect", () => process.exit(0));
