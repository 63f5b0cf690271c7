import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { createDiscord } from "../servers/discord/discord.ts";
import { found, readDocument } from "../support/read-document.ts";
import { PATIENCE } from "../support/patience.ts";
import { openSlack, serving } from "./serving.ts";

test("on Slack, Parley tells when it is ready, when the connection is lost, and that it is leaving", async () => {
  const slack = await openSlack();
  const { parley, ask, ready } = await serving({ ...slack.env("socket"), PORT: "0" });
  await ready();
  const whole = { status: "ready", parts: { store: "ok", slack: "ok" } };
  expect(await ask("/readyz")).toEqual({ status: 200, body: whole });

  await vi.waitFor(() => expect(slack.sockets.connections()).toBe(2), PATIENCE);
  slack.faults.always("apps.connections.open", { kind: "status", status: 503 });
  slack.sockets.drop();
  await vi.waitFor(
    async () =>
      expect(await ask("/readyz")).toEqual({
        status: 503,
        body: { status: "not ready", parts: { store: "ok", slack: "not connected" } },
      }),
    PATIENCE,
  );
  expect((await ask("/healthz")).status).toBe(200);
  slack.faults.heal();
  await ready();

  slack.workspace.user("U1").says("C5", `<@${slack.workspace.bot()}> Which index?`);
  await parley.until(() => expect(parley.errors()).toContain('"msg":"turn started"'));
  parley.kill("SIGTERM");
  await vi.waitFor(
    async () => expect(await ask("/readyz")).toMatchObject({ body: { status: "draining" } }),
    PATIENCE,
  );
  expect((await ask("/readyz")).status).toBe(503);
  expect((await ask("/healthz")).status).toBe(200);
  parley.kill("SIGTERM");
  expect(await parley.exited).toBe(0);
});

test("by HTTP, Slack's events and health share the port", async () => {
  const slack = await openSlack();
  const { parley, ready, listening } = await serving({ ...slack.env("http"), PORT: "0" });
  await ready();
  await slack.subscribe(`${await listening()}/slack/events`);
  slack.workspace.user("U1").says("C5", `<@${slack.workspace.bot()}> Which index?`);
  await parley.until(() => expect(parley.errors()).toContain('"msg":"turn started"'));
});

test("a database that cannot be written is not ready, and is once it can be", async () => {
  const slack = await openSlack();
  const { data, ask, ready } = await serving({ ...slack.env("socket"), PORT: "0" });
  await ready();
  const browser = new DatabaseSync(join(data, "parley.db"));
  onTestFinished(() => browser.close());
  browser.exec("BEGIN IMMEDIATE");
  expect(await ask("/readyz")).toEqual({
    status: 503,
    body: { status: "not ready", parts: { store: "unavailable", slack: "ok" } },
  });
  browser.exec("ROLLBACK");
  await ready();
});

test("on Discord, health is served too", async () => {
  const discord = await createDiscord();
  onTestFinished(() => discord.stop());
  const { ask, ready, listening } = await serving({ ...discord.env(), PORT: "0" });
  await ready();
  const [check = ""] = found(readDocument("Dockerfile"), /^HEALTHCHECK[^]*?CMD (\[.*\])$/gm);
  const [, ...args] = z.array(z.string()).parse(JSON.parse(check));
  const { port } = new URL(await listening());
  // Throws unless the image's own check passes.
  execFileSync(process.execPath, args, { env: { PORT: port } });
  const whole = { status: "ready", parts: { store: "ok", discord: "ok" } };
  expect(await ask("/readyz")).toEqual({ status: 200, body: whole });
});

test("a port that is in use is named, with what to do", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const slack = await openSlack();
  const { parley } = await serving({ ...slack.env("socket"), PORT: String(port) });
  expect(await parley.exited).toBe(2);
  expect(parley.errors()).toContain(
    `parley: Port ${port} on 127.0.0.1 is in use by another program: set PORT to a free one, or stop that program.`,
  );
});

test("where nobody set a port and nothing needs one, a taken port keeps nothing from starting", async () => {
  const other = createServer().listen(3000, "127.0.0.1");
  // Whoever has it: it is in use.
  await Promise.race([once(other, "listening"), once(other, "error")]).catch(() => {});
  onTestFinished(() => void other.close());
  const slack = await openSlack();
  const { parley } = await serving(slack.env("socket"));
  await parley.until(() => expect(parley.errors()).toContain('"msg":"serving"'));
  expect(parley.errors()).toContain(
    "Continues without health checks over HTTP. Port 3000 on 127.0.0.1 is in use",
  );
});

test("the terminal opens no port", async () => {
  const { parley } = await serving({ PORT: "0", LOG_LEVEL: "debug" });
  await parley.until(() => expect(parley.errors()).toMatch(/serving/));
  expect(parley.errors()).not.toMatch(/listening/);
});
