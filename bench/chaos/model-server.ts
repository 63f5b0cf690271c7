import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { chatWire } from "../../test/servers/chat-wire.ts";
import type { Reply } from "../../test/servers/model-wire.ts";
import { listen } from "../../test/servers/slack/listen.ts";
import { readPrompt, replyTo } from "../../test/support/model-script.ts";
import { lengthIn, questionIn } from "./question.ts";

const Message = z.looseObject({ role: z.string(), content: z.unknown() });
const Request = z.looseObject({ model: z.string(), messages: z.array(Message) });

export interface ModelServer {
  /** With its version: for `base_url`. */
  readonly url: string;
  /** Requests that arrived. */
  calls(): number;
  /** How many there have to be: one for each move of each agent in each turn. */
  least(): number;
  /** The moves that were asked for more than once: "q3.1 ada answer". */
  repeated(): readonly string[];
  stop(): Promise<void>;
}

export interface ModelServerOptions {
  /** How long a reply takes, ms, from the first byte to the last. */
  readonly thinkMs: () => number;
}

/** Models of no mind that speak Chat Completions and count who asked what. */
export async function createModelServer({ thinkMs }: ModelServerOptions): Promise<ModelServer> {
  const counts = new Map<string, number>();
  const count = (move: string) => counts.set(move, (counts.get(move) ?? 0) + 1);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await readAsked(request);
    count(`${questionIn(asked.said.at(-1) ?? "") ?? "?"} ${asked.model} ${asked.kind}`);
    const reply = wireReply(lengthened(replyTo(asked), asked.said.at(-1) ?? ""));
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    const frames = [...chatWire.content(reply), ...chatWire.finish(reply)];
    response.write(frames[0] ?? "");
    await sleep(thinkMs());
    response.end(frames.slice(1).join(""));
  };
  const server = await listen(
    createServer((request, response) => {
      answer(request, response).catch(() => response.destroy());
    }),
  );
  const sum = () => [...counts.values()].reduce((all, one) => all + one, 0);
  return {
    url: `${server.url}/v1`,
    calls: sum,
    least: () => counts.size,
    repeated: () => [...counts].filter(([, times]) => times > 1).map(([move]) => move),
    stop: () => server.close(),
  };
}

async function readAsked(request: IncomingMessage) {
  const chunks = await Array.fromAsync<Buffer>(request);
  const { model, messages } = Request.parse(JSON.parse(Buffer.concat(chunks).toString()));
  const plain = messages.map(({ role, content }) => ({ role, text: textOf(content) }));
  const system = plain.filter(({ role }) => role === "system").map(({ text }) => text);
  return readPrompt({ model, system: system.join("\n"), messages: plain });
}

const Part = z.looseObject({ text: z.string().optional() });

const textOf = (content: unknown): string =>
  typeof content === "string"
    ? content
    : z
        .array(Part)
        .catch([])
        .parse(content)
        .map(({ text }) => text ?? "")
        .join("\n");

const FILLER = "\n\nEach plan has its reasons, and each reason has its plan.";

/** An answer of the length that the question asks for. */
function lengthened(reply: ReturnType<typeof replyTo>, question: string) {
  const length = lengthIn(question);
  if (!("text" in reply) || reply.text.length >= length) return reply;
  return { text: reply.text + FILLER.repeat(Math.ceil(length / FILLER.length)) };
}

const USAGE = { input: 900, cached: 600, cacheWritten: 0, output: 60, reasoning: 0 };

const wireReply = (reply: ReturnType<typeof replyTo>): Reply =>
  "text" in reply
    ? { text: reply.text, usage: USAGE }
    : {
        calls: [{ name: reply.call, arguments: JSON.stringify(reply.values) }],
        usage: USAGE,
      };
