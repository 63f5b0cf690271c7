import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Fields, isFields } from "./state/fields.ts";
import { listen } from "./listen.ts";

/** How a Slack that somebody else wrote in an afternoon may differ from the real one. */
export interface SparseOptions {
  /** What the answer to a post holds besides `ok`. Default: its `ts`. */
  readonly posted?: (ts: string) => Fields;
  /** What each message keeps of what was posted. Default: text and thread. */
  readonly kept?: readonly string[];
  /** What `auth.test` says besides `ok`. */
  readonly identity?: Fields;
  /** What an unknown method is answered with. */
  readonly unknown?: (response: ServerResponse) => void;
}

const BOT = "WBOT7";
const SECRET = "signing-secret-8f1e";

const notFound = (response: ServerResponse): void => {
  response.writeHead(404, { "content-type": "text/html" }).end("<html>Not Found</html>");
};

/**
 * A Slack that knows posting, editing and a thread's messages, and nothing else: no names, no ids of teams and bots, no metadata, no
 * limits, timestamps of its own making. By HTTP.
 */
export async function createSparseSlack({
  posted = (ts) => ({ ts }),
  kept = ["text", "thread_ts"],
  identity = { user_id: BOT },
  unknown = notFound,
}: SparseOptions = {}) {
  const messages: Fields[] = [];
  const calls: { readonly method: string; readonly args: Fields }[] = [];
  let count = 0;
  const methods: Readonly<Record<string, (args: Fields) => Fields>> = {
    "auth.test": () => identity,
    "chat.postMessage"(args) {
      const ts = `m-${++count}`;
      const own = Object.fromEntries(kept.map((name) => [name, args[name]]));
      messages.push({ ...own, user: BOT, ts, channel: args["channel"] });
      return posted(ts);
    },
    "chat.update"({ ts, text }) {
      const found = messages.find((message) => message["ts"] === ts);
      if (!found) return { ok: false, error: "message_not_found" };
      messages.splice(messages.indexOf(found), 1, { ...found, text });
      return {};
    },
    // Neither pages nor metadata, and the whole channel rather than a thread.
    "conversations.replies": ({ channel }) => ({
      messages: messages.filter((message) => message["channel"] === channel),
    }),
  };
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = (request.url ?? "").replace(/^\/api\//, "");
    const args = argumentsOf(await bodyOf(request), request.headers["content-type"] ?? "");
    calls.push({ method, args });
    const run = methods[method];
    if (!run) return unknown(response);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ok: true, ...run(args) }));
  };
  const listening = await listen(server);

  return {
    bot: BOT,
    calls,
    close: () => listening.close(),
    env: {
      SLACK_API_URL: `${listening.url}/api`,
      SLACK_BOT_TOKEN: "xoxb-1",
      SLACK_SIGNING_SECRET: SECRET,
      SLACK_MODE: "http",
    },
    /** What Parley's messages say now, oldest first. */
    says: () => messages.flatMap(({ user, text }) => (user === BOT ? [String(text)] : [])),
    /** A person says something in a channel; resolves with the status of Parley's answer to the event. */
    async hears(to: string, event: Fields): Promise<number> {
      messages.push(event);
      return deliver(to, { type: "event_callback", event });
    },
  };
}

async function deliver(to: string, payload: Fields): Promise<number> {
  const body = JSON.stringify(payload);
  const seconds = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", SECRET).update(`v0:${seconds}:${body}`).digest("hex");
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "x-slack-request-timestamp": String(seconds),
    "x-slack-signature": `v0=${signature}`,
  };
  return (await fetch(to, { method: "POST", headers, body })).status;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}

function argumentsOf(body: string, type: string): Fields {
  if (!type.includes("json")) return Object.fromEntries(new URLSearchParams(body));
  const value: unknown = JSON.parse(body || "{}");
  return isFields(value) ? value : {};
}
