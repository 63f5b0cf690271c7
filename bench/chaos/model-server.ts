import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { chatWire } from "../../test/servers/chat-wire.ts";
import type { Reply } from "../../test/servers/model-wire.ts";
import { listen } from "../../test/servers/slack/listen.ts";
import { type Asked, readPrompt, replyTo } from "../../test/support/model-script.ts";
import { type CallBook, createCallBook } from "./call-book.ts";
import { lengthIn, questionIn } from "./question.ts";

const Message = z.looseObject({ role: z.string(), content: z.unknown() });
const Request = z.looseObject({ model: z.string(), messages: z.array(Message) });

export interface ModelServer {
  /** With its version: for `base_url`. */
  readonly url: string;
  /** The requests that arrived. */
  readonly calls: CallBook;
  stop(): Promise<void>;
}

export interface ModelServerOptions {
  /** How long a reply takes, ms, from the first byte to the last. */
  readonly thinkMs: () => number;
}

/** Models of no mind that speak Chat Completions and count who asked what. */
export async function createModelServer({ thinkMs }: ModelServerOptions): Promise<ModelServer> {
  const calls = createCallBook(Date.now);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await readAsked(request);
    const move = `${questionIn(asked.said.at(-1) ?? "") ?? "?"} ${asked.model} ${asked.kind}`;
    const end = calls.begin(move, seatOf(request));
    const reply = wireReply(lengthened(replyTo(inOneOrder(asked)), asked.said.at(-1) ?? ""));
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    const frames = [...chatWire.content(reply), ...chatWire.finish(reply)];
    response.write(frames[0] ?? "");
    await sleep(thinkMs());
    end();
    response.end(frames.slice(1).join(""));
  };
  const server = await listen(
    createServer((request, response) => {
      answer(request, response).catch(() => response.destroy());
    }),
  );
  return {
    url: `${server.url}/v1`,
    calls,
    stop: () => server.close(),
  };
}

/** Cut answers are equally long: so all reviewers rank them alike, and read them once. */
const inOneOrder = (asked: Asked): Asked => ({
  ...asked,
  shown: asked.shown.toSorted((a, b) => (a.text < b.text ? -1 : 1)),
});

/** Each process has a key of its own. */
const seatOf = ({ headers }: IncomingMessage): string =>
  /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "nobody";

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
