import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { App, HTTPReceiver, LogLevel, webApi } from "@slack/bolt";
import { expect, onTestFinished, vi } from "vitest";
import type { Slack } from "../../servers/slack/slack.ts";
import { PATIENCE } from "../../support/patience.ts";

/** Bolt and its clients tell the tests' terminal nothing. */
const quiet = {
  logger: {
    debug() {},
    info() {},
    warn() {},
    error() {},
    setLevel() {},
    getLevel: () => LogLevel.ERROR,
    setName() {},
  },
};

/** A client without patience, which says at once what came back. */
export const webClient = (slack: Slack, token = slack.workspace.token()): webApi.WebClient =>
  new webApi.WebClient(token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...quiet,
  });

/** What a call was refused with: Slack's own word, or the name of the error. */
export const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "ok",
    (error: unknown) =>
      error instanceof webApi.WebAPIPlatformError ? String(error.data.error) : String(error),
  );

/** A real Bolt app in Socket Mode, for the length of one test. */
export async function socketApp(slack: Slack): Promise<App> {
  const app = new App({
    token: slack.workspace.token(),
    appToken: slack.app.appToken,
    socketMode: true,
    ignoreSelf: false,
    deferInitialization: true,
    clientOptions: { slackApiUrl: slack.url },
    ...quiet,
  });
  await app.init();
  await app.start();
  onTestFinished(async () => void (await app.stop()));
  return app;
}

/** A real Bolt app behind a request URL, which Slack has been told. */
export async function httpApp(slack: Slack): Promise<App> {
  const receiver = new HTTPReceiver({ signingSecret: slack.app.signingSecret, ...quiet });
  const app = new App({
    token: slack.workspace.token(),
    receiver,
    ignoreSelf: false,
    deferInitialization: true,
    clientOptions: { slackApiUrl: slack.url },
    ...quiet,
  });
  await app.init();
  const server = await app.start({ host: "127.0.0.1", port: 0 });
  onTestFinished(async () => void (await app.stop()));
  await slack.subscribe(`${urlOf(server)}/slack/events`);
  return app;
}

/** A request URL that answers what it is told to, and remembers what it was sent. */
export async function bareEndpoint(slack: Slack, status: () => number | "never") {
  const headers: NodeJS.Dict<string | string[]>[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += String(part)));
    request.on("end", () => {
      if (body.includes("url_verification")) return response.end(body);
      headers.push(request.headers);
      const answer = status();
      return answer === "never" ? undefined : response.writeHead(answer).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await slack.subscribe(urlOf(server));
  return headers;
}

function urlOf(server: Pick<Server, "address">): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

/** A bare Socket Mode connection, after its hello: the frames it was sent, and a way to acknowledge. */
export async function bareSocket(slack: Slack) {
  const { url = "" } = await webClient(slack, slack.app.appToken).apps.connections.open({});
  const socket = new WebSocket(url);
  const frames: Record<string, unknown>[] = [];
  socket.addEventListener("message", ({ data }) => frames.push(JSON.parse(String(data))));
  onTestFinished(() => socket.close());
  await vi.waitFor(() => expect(frames[0]).toMatchObject({ type: "hello" }), PATIENCE);
  frames.shift();
  return {
    frames,
    ack: (envelope_id: unknown) => socket.send(JSON.stringify({ envelope_id, payload: {} })),
  };
}

const plain = (text: string) => ({ type: "plain_text" as const, text });

/** One button "Why". */
export const whyButton = () => [
  {
    type: "actions" as const,
    elements: [{ type: "button" as const, text: plain("Why"), action_id: "why" }],
  },
];

/** A modal that asks for some words. */
export const askModal = (title: string) => ({
  type: "modal" as const,
  callback_id: "ask",
  title: plain(title),
  submit: plain("Ask"),
  blocks: [
    {
      type: "input" as const,
      block_id: "question",
      label: plain("Question"),
      element: { type: "plain_text_input" as const, action_id: "words" },
      optional: true,
    },
  ],
});
