import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Reply } from "../../test/servers/model-wire.ts";
import { listen } from "../../test/servers/slack/listen.ts";
import { countBody, countTokens } from "./count-tokens.ts";
import { Pace } from "./pace.ts";
import { WIRES } from "./wires.ts";

/** Events are sent in steps of so many ms. */
const STEP_MS = 4;
/** Letters of a piece: `pieces` of model-wire.ts. */
const PIECE = 7;

const stats = { events: 0, requests: 0, sockets: 0, socketsPeak: 0, lagMs: 0 };
const last = new Map<string, number>();
const used = new Map<string, number>();
const use = (question: string, tokens: number) =>
  used.set(question, (used.get(question) ?? 0) + tokens);
const pace: Pace = { rate: 30, think: [0, 0], answer: [1, 1], review: [1, 1] };

interface Stream {
  readonly frames: readonly string[];
  /** How many of them hold content. */
  readonly content: number;
  /** Of the whole content. */
  readonly tokens: number;
  readonly response: ServerResponse;
  readonly question: string;
  next: number;
  dueAt: number;
}
const streams = new Set<Stream>();

setInterval(() => {
  const now = performance.now();
  for (const stream of streams) send(stream, now);
}, STEP_MS);

function send(stream: Stream, now: number): void {
  while (stream.dueAt <= now) {
    stats.lagMs = Math.max(stats.lagMs, now - stream.dueAt);
    const frame = stream.frames[stream.next++];
    if (frame === undefined || stream.response.closed) {
      stream.response.end();
      streams.delete(stream);
      use(stream.question, stream.tokens * Math.min(1, (stream.next - 1) / stream.content));
      last.set(stream.question, performance.timeOrigin + performance.now());
      return;
    }
    stream.response.write(frame);
    stats.events += 1;
    stream.dueAt += 1000 / pace.rate;
  }
}

const between = ([from, to]: readonly [number, number]): number =>
  from + Math.random() * (to - from);

/** A vote in the form of today's tool. */
const ballot = (): string =>
  JSON.stringify({
    reason: "The best answer names what changes first and why, and it does not hide the cost.",
    objection: "",
    objection_to: "",
    scores: ["A", "B", "C", "D", "E"].map((answer, at) => ({ answer, score: 3 + ((at * 3) % 7) })),
  });

const PROSE =
  "We keep the plan, because nobody objected and the budget covers it until the review in May. ";

function replyTo(body: string): Reply {
  if (/<team-answer(?:-\w+)? label=/.test(body)) {
    return { calls: [{ name: "vote", arguments: ballot() }] };
  }
  const length = Math.round(between(pace.answer) * pace.rate) * PIECE;
  return { text: PROSE.repeat(Math.ceil(length / PROSE.length)).slice(0, length) };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks = await Array.fromAsync<Buffer>(request);
  if (request.url === "/stats") {
    response.end(
      JSON.stringify({
        ...stats,
        last: Object.fromEntries(last),
        used: Object.fromEntries(used),
      }),
    );
    return;
  }
  if (request.url === "/pace") {
    Object.assign(pace, Pace.parse(JSON.parse(Buffer.concat(chunks).toString())));
    Object.assign(stats, { events: 0, requests: 0, socketsPeak: stats.sockets, lagMs: 0 });
    last.clear();
    used.clear();
    response.end();
    return;
  }
  const body = Buffer.concat(chunks).toString();
  const path = request.url?.split("?")[0] ?? "";
  const wire = Object.values(WIRES).find((one) => one.path.test(path));
  if (!wire) return void response.writeHead(404).end();
  const said = replyTo(body);
  const output = countTokens(said.text ?? "") + countBody(said.calls);
  const input = countBody(JSON.parse(body));
  const reply = { ...said, usage: { input, cached: 0, cacheWritten: 0, output, reasoning: 0 } };
  const content = wire.content(reply);
  const frames = [...content, ...wire.finish(reply)];
  stats.requests += 1;
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.flushHeaders();
  const [, question = ""] = [...body.matchAll(/question-(\d+)/g)].at(-1) ?? [];
  use(question, input);
  // Spread, so that not all streams send in the same step.
  const dueAt = performance.now() + between(pace.think) * 1000 + Math.random() * 40;
  const stream = { frames, content: content.length, tokens: output };
  streams.add({ ...stream, response, question, next: 0, dueAt });
}

const server = createServer((request, response) => void answer(request, response));
server.on("connection", (socket) => {
  socket.setNoDelay(true);
  stats.sockets += 1;
  stats.socketsPeak = Math.max(stats.socketsPeak, stats.sockets);
  socket.on("close", () => (stats.sockets -= 1));
});
// Longer than any pause between two rounds, so that no client meets a closing connection.
server.keepAliveTimeout = 120_000;
const { url } = await listen(server);
process.send?.({ url });
process.on("disconnect", () => process.exit(0));
