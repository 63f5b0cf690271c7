import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { z } from "zod";

/** A message as the server keeps it. `tag` is whatever a bot attached; `actions` are buttons by their text. */
export interface LinesMessage {
  readonly id: string;
  readonly room: string;
  readonly author: { readonly id: string; readonly name: string };
  readonly at: number;
  text: string;
  readonly tag?: string | undefined;
  actions: readonly string[];
}

const Request = z.discriminatedUnion("call", [
  z.object({ call: z.literal("hello"), n: z.number(), token: z.string() }),
  z.object({ call: z.literal("history"), n: z.number(), room: z.string() }),
  z.object({ call: z.literal("news"), n: z.number(), since: z.number() }),
  z.object({
    call: z.literal("post"),
    n: z.number(),
    room: z.string(),
    text: z.string(),
    tag: z.string().optional(),
    actions: z.array(z.string()),
  }),
  z.object({
    call: z.literal("edit"),
    n: z.number(),
    room: z.string(),
    id: z.string(),
    text: z.string(),
    actions: z.array(z.string()),
  }),
]);
type Request = z.infer<typeof Request>;

const TOKEN = "let-me-in";
const BOT = { id: "bot", name: "Parley" };
export const ADA = { id: "ada", name: "Ada" };

/** A chat server that speaks JSON lines over TCP, delivers each event once, and tells nobody what they missed. */
export async function createLinesServer() {
  const messages: LinesMessage[] = [];
  const bots = new Set<Socket>();
  let lastId = 0;
  let lastAt = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const send = (line: object) => socket.write(`${JSON.stringify(line)}\n`);
    socket.on("error", () => {});
    socket.on("close", () => bots.delete(socket));
    const lines = createInterface({ input: socket }).on("error", () => {});
    lines.on("line", (line) => {
      const request = Request.parse(JSON.parse(line));
      const answer = handle(request);
      if (request.call === "hello" && "result" in answer) bots.add(socket);
      send({ reply: request.n, ...answer });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  const add = (message: Pick<LinesMessage, "room" | "author" | "text" | "tag" | "actions">) => {
    lastAt = Math.max(lastAt + 1, Date.now());
    const stored = { id: `m${++lastId}`, at: lastAt, ...message };
    messages.push(stored);
    return stored;
  };
  const tellBots = (event: object) => {
    for (const bot of bots) bot.write(`${JSON.stringify(event)}\n`);
  };
  function handle(request: Request): { readonly result: unknown } | { readonly error: string } {
    switch (request.call) {
      case "hello":
        return request.token === TOKEN ? { result: BOT } : { error: "bad_token" };
      case "history":
        return { result: messages.filter(({ room }) => room === request.room) };
      case "news":
        return { result: messages.filter(({ at }) => at > request.since) };
      case "post":
        return { result: add({ ...request, author: BOT }) };
      case "edit": {
        const found = messages.find(({ id, room }) => id === request.id && room === request.room);
        if (!found) return { error: "no_such_message" };
        Object.assign(found, { text: request.text, actions: request.actions });
        return { result: found };
      }
    }
  }
  return {
    env: { LINES_ADDRESS: `127.0.0.1:${port}`, LINES_TOKEN: TOKEN },
    messages,
    says(room: string, text: string, author = ADA): LinesMessage {
      const message = add({ room, text, author, tag: undefined, actions: [] });
      tellBots({ event: "message", message });
      return message;
    },
    /** A person chooses an action of a message. */
    chooses(id: string, action: string, person = ADA): void {
      const message = messages.find((one) => one.id === id);
      if (!message?.actions.includes(action)) throw new Error(`${id} offers no ${action}.`);
      tellBots({
        event: "action",
        id: `a${++lastId}`,
        room: message.room,
        person,
        action,
        message,
      });
    },
    isConnected: () => bots.size > 0,
    /** Every connection breaks. */
    cut(): void {
      for (const bot of bots) bot.destroy();
      bots.clear();
    },
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
