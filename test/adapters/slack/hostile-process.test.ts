import { createHmac } from "node:crypto";
import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createSlack } from "../../servers/slack/slack.ts";
import { slackMachine } from "./slack-process.ts";

const CIRCULAR = "agents: &a [*a]\n";

/** As Slack signs its requests. */
function signed(url: string, secret: string, body: string): Promise<Response> {
  const at = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", secret).update(`v0:${at}:${body}`).digest("hex");
  const headers = {
    "content-type": "application/json",
    "x-slack-request-timestamp": at,
    "x-slack-signature": `v0=${signature}`,
  };
  return fetch(url, { method: "POST", body, headers });
}

it("signed bodies that are not objects and a circular team file do not end the process, and the next one starts", async () => {
  const slack = await createSlack();
  onTestFinished(() => slack.stop());
  const env = slack.env("http");
  const machine = await slackMachine(env);
  const parley = await machine.start();
  const secret = env["SLACK_SIGNING_SECRET"] ?? "";
  for (const body of ["null", "[]", "7", '"x"', "true", ""]) {
    expect((await signed(machine.events, secret, body)).status).toBe(400);
  }
  await writeFile(join(machine.configs, "default.yaml"), CIRCULAR);
  await machine.until(() =>
    expect(parley.errors()).toContain("The version before it stays in use."),
  );
  const health = await fetch(`${machine.url}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
  const modes = ["parley.db", "parley.db-wal", "kv.db", "lock.db", "parley.pid"].map(
    (name) => statSync(join(machine.data, name)).mode & 0o777,
  );
  expect(modes).toEqual(modes.map(() => 0o600));
  parley.kill("SIGTERM");
  expect(await parley.exited).toBe(0);
  const next = await machine.start();
  expect((await fetch(`${machine.url}/healthz`)).status).toBe(200);
  next.kill("SIGTERM");
  expect(await next.exited).toBe(0);
});
