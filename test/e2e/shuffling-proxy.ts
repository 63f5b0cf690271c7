import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { listen } from "../servers/slack/listen.ts";

interface ProxyOptions {
  /** Ports of processes, those that are down included: they are passed over. */
  readonly ports: () => readonly number[];
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** The longest that an event is held up, ms: what comes after it may overtake it. */
  readonly delayMs: number;
}

/** A load balancer of a bad day: requests go round robin; events are held up, so that they change places, and every fourth comes twice. */
export async function shufflingProxy({ ports, random, delayMs }: ProxyOptions) {
  let next = 0;
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });
  const send = async (incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage | null> => {
    const all = ports();
    for (let n = 0; n < all.length; n += 1) {
      const port = all[next++ % all.length] ?? 0;
      const answer = await forward(incoming, body, port);
      if (answer) return answer;
    }
    return null;
  };
  const pass = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(incoming);
    const isEvent = incoming.url === "/slack/events";
    if (isEvent) await later(random() * delayMs);
    if (isEvent && random() < 0.25) void again(incoming, body);
    const answer = await send(incoming, body);
    if (!answer) return void response.writeHead(503).end();
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  };
  const again = async (incoming: IncomingMessage, body: Buffer) => {
    await later(random() * delayMs);
    (await send(incoming, body))?.resume();
  };
  const server = await listen(
    createServer((incoming, response) => {
      pass(incoming, response).catch(() => void response.destroy());
    }),
  );
  onTestFinished(async () => {
    for (const timer of timers) clearTimeout(timer);
    await server.close();
  });
  return server.url;
}

/** The answer of one process; null: it is down, or went down meanwhile. */
const forward = (
  { method = "GET", url = "/", headers }: IncomingMessage,
  body: Buffer,
  port: number,
): Promise<IncomingMessage | null> =>
  new Promise((resolve) => {
    const going = request({ host: "127.0.0.1", port, path: url, method, headers }, resolve);
    going.on("error", () => resolve(null));
    going.end(body);
  });
