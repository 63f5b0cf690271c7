import { createHmac } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { readSlackSettings } from "../../../adapters/slack/env.ts";
import { createConnection } from "../../../adapters/slack/receivers/connection.ts";
import { systemClock } from "../../../src/clock.ts";
import { serveRoute } from "../../support/serve-route.ts";
import { envelope, HOME, message } from "./events.ts";

const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

async function rig(take: (body: unknown) => Promise<void> = async () => {}, isStarted = true) {
  const env = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: SECRET };
  const heard: unknown[] = [];
  const problems: string[] = [];
  const connection = createConnection({
    settings: readSlackSettings(env),
    workspaces: { open: async () => {}, of: async () => HOME, all: async () => [HOME] },
    clock: systemClock,
    take,
    listen: (app) =>
      app.command("/parley", async ({ ack, body }) => (heard.push(body.text), ack("ok"))),
    install: undefined,
    onBack() {},
    onFatal() {},
    onProblem: (problem) => void problems.push(String(problem)),
  });
  if (isStarted) await connection.start();
  onTestFinished(() => connection.stop());
  if (!connection.http) throw new Error("no route");
  const url = await serveRoute(connection.http);
  return { url, connection, heard, problems };
}

/** As Slack signs its requests. */
function post(
  url: string,
  body: string,
  { type = "application/json", skewS = 0, secret = SECRET } = {},
) {
  const seconds = Math.floor(Date.now() / 1000) + skewS;
  const signature = createHmac("sha256", secret).update(`v0:${seconds}:${body}`).digest("hex");
  return fetch(`${url}/slack/events`, {
    method: "POST",
    body,
    headers: {
      "content-type": type,
      "x-slack-request-timestamp": String(seconds),
      "x-slack-signature": `v0=${signature}`,
    },
  });
}

const event = () => JSON.stringify(envelope(message("hi")));

it("acknowledges stored events only", async () => {
  expect((await post((await rig()).url, event())).status).toBe(200);
  const locked = await rig(() => Promise.reject(new Error("locked")));
  expect((await post(locked.url, event())).status).toBe(500);
});

it("answers Slack's challenge", async () => {
  const { url } = await rig();
  const challenge = { type: "url_verification", challenge: "abc", token: "t" };
  expect(await (await post(url, JSON.stringify(challenge))).json()).toEqual({ challenge: "abc" });
});

it("refuses requests that Slack did not sign, that are too old or from the future", async () => {
  const taken: unknown[] = [];
  const { url, problems } = await rig(async (body) => void taken.push(body));
  const answers = [
    await post(url, event(), { secret: "guessed" }),
    await post(url, event(), { skewS: -600 }),
    await post(url, event(), { skewS: 600 }),
    await fetch(`${url}/slack/events`, { method: "POST", body: event() }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  expect(taken).toEqual([]);
  expect(problems.join()).toMatch(/signature mismatch/);
});

it("accepts commands on the same path, whatever the form's charset", async () => {
  const { url, heard } = await rig();
  const form = new URLSearchParams({ command: "/parley", text: "help", team_id: HOME.team });
  for (const type of ["", ";charset=UTF-8"]) {
    const answer = await post(url, String(form), {
      type: `application/x-www-form-urlencoded${type}`,
    });
    expect([answer.status, await answer.text()]).toEqual([200, "ok"]);
  }
  expect(heard).toEqual(["help", "help"]);
});

it("lets requests wait for the end of the start", async () => {
  const { url, connection } = await rig(undefined, false);
  const early = post(url, event());
  await connection.start();
  expect((await early).status).toBe(200);
});

it("asks Slack to send again what comes during a shutdown", async () => {
  const { url, connection } = await rig();
  expect((await post(url, event())).status).toBe(200);
  expect(connection.isUp()).toBe(true);
  await connection.stop();
  expect(connection.isUp()).toBe(false);
  expect((await post(url, event())).status).toBe(503);
});

it("does not answer other paths", async () => {
  const { url } = await rig();
  const statuses = ["/", "/slack/events", "/slack/install", "/slack/eventsandmore"].map(
    async (path) => (await fetch(`${url}${path}`)).status,
  );
  expect(await Promise.all(statuses)).toEqual([404, 404, 404, 404]);
});

it("finishes the requests it handles before it stops", async () => {
  const stored = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { url, connection } = await rig(() => (begun.resolve(), stored.promise));
  const answer = post(url, event());
  await begun.promise;
  const stopped = connection.stop();
  stored.resolve();
  expect((await answer).status).toBe(200);
  await stopped;
});

const FORM = "application/x-www-form-urlencoded";
const payload = (text: string) => `payload=${encodeURIComponent(text)}`;

const SHAPES: readonly object[] = [
  { type: null },
  { type: "event_callback" },
  { type: "event_callback", event: null },
  { type: "event_callback", event: [], team_id: {} },
  { type: "event_callback", event: { type: "message", channel: null, user: 5 }, team_id: 1 },
  { type: "block_actions", actions: null, team: null, user: null },
  { type: "block_actions", actions: [null], team: { id: 1 }, user: "x" },
  { type: "view_submission", view: null },
  { type: "app_rate_limited" },
  { command: null, text: [] },
  { ssl_check: 1, type: "url_verification" },
];
const NO_OBJECTS = ["null", "  null", "[]", "[null]", "1", "true", '"text"', "", "{", "not JSON"];

it("answers a signed body of any shape, and keeps running", async () => {
  const { url } = await rig();
  const bodies: readonly (readonly [body: string, type: string])[] = [
    ...[...NO_OBJECTS, ...SHAPES.map((shape) => JSON.stringify(shape))].flatMap((body) => [
      [body, "application/json"] as const,
      [payload(body), FORM] as const,
      [body, "text/plain"] as const,
    ]),
    ["payload=null&payload=1", FORM],
    ["%", FORM],
    ["=&=&;", FORM],
    ["__proto__=1&constructor=2", FORM],
  ];
  const answers = await Promise.all(bodies.map(([body, type]) => post(url, body, { type })));
  const unexpected = answers.flatMap(({ status }, at) =>
    [200, 400, 401, 404, 500].includes(status) ? [] : [[status, bodies[at]]],
  );
  expect(unexpected).toEqual([]);
  expect((await post(url, event())).status).toBe(200);
});

it("refuses a signed null as a bad request, and an unsigned one as a forgery", async () => {
  const { url } = await rig();
  expect((await post(url, "null")).status).toBe(400);
  expect((await post(url, payload("null"), { type: FORM })).status).toBe(400);
  expect((await post(url, "null", { secret: "guessed" })).status).toBe(401);
});
