import { EventEmitter } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { parseCli } from "../../../src/cli/parse-cli.ts";
import { serve } from "../../../src/serve/serve.ts";
import { loadSettings } from "../../../src/settings.ts";
import { linesEntry } from "../../example-adapter/entry.ts";
import { createLinesServer } from "../../servers/lines/lines-server.ts";
import { createScriptedTeam } from "../../support/scripted-team.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { PATIENCE } from "../../support/patience.ts";

const TEAM = `name: Quick
settle: 0
agents:
  - { id: ada, name: Ada, backend: { type: simulated, model: simulated, style: brief } }
mode: solo
`;

/** Parley as `parley start` runs it, with the example adapter as its only one. */
async function serveLines() {
  const server = await createLinesServer();
  const signals = new EventEmitter();
  const dir = await temporaryFolder();
  await writeFile(join(dir, "quick.yaml"), TEAM);
  const settings = {
    ...server.env,
    PARLEY_DATA: dir,
    PARLEY_CONFIGS: dir,
    PARLEY_TEAM: "quick",
    PORT: "0",
    LOG_LEVEL: "silent",
  };
  const start = () => {
    const command = parseCli(["start"]);
    if (command.name !== "start") throw new Error("It starts nothing.");
    const { stdin: input, stdout: output, stderr: error, pid } = process;
    const loaded = loadSettings(settings, () => "");
    const versions = { version: "0.1.0", versionLine: "Parley 0.1.0" };
    const runtime = { input, output, error, pid, signals, clock: systemClock, loaded, ...versions };
    return serve(command, runtime, [linesEntry]);
  };
  let served = start();
  const stop = async () => {
    signals.emit("SIGTERM");
    expect(await served).toBe(0);
  };
  onTestFinished(() => server.stop());
  const posted = (room: string, kind: string) =>
    server.messages.filter(
      (message) => message.room === room && message.tag?.includes(` ${kind} `) === true,
    );
  const until = (check: () => void) => vi.waitFor(check, PATIENCE);
  return { server, stop, posted, until, restart: () => void (served = start()) };
}

test("a question is answered in its room, with a status that is edited", async () => {
  const { server, posted, until, stop } = await serveLines();
  await until(() => expect(server.isConnected()).toBe(true));
  server.says("tea", "@Parley what is 2 + 2?");
  await until(() => expect(posted("tea", "final")).toHaveLength(1));
  expect(posted("tea", "final")[0]?.text).toContain("⎯⎯⎯\nAda");
  await until(() => expect(posted("tea", "status")[0]?.text).toMatch(/^Quick answered in/));
  await stop();
});

test("a message of the time without a connection is answered once it is back, and once only", async () => {
  const { server, posted, until, stop } = await serveLines();
  await until(() => expect(server.isConnected()).toBe(true));
  server.cut();
  server.says("tea", "@Parley are you there?");
  await until(() => expect(posted("tea", "final")).toHaveLength(1));
  server.cut();
  await until(() => expect(server.isConnected()).toBe(true));
  server.says("tea", "@Parley and now?");
  await until(() => expect(posted("tea", "final")).toHaveLength(2));
  await stop();
  expect(posted("tea", "final")).toHaveLength(2);
});

test("what people choose on a message is a command, and its reply stands in the room", async () => {
  const { server, posted, until, stop } = await serveLines();
  await until(() => expect(server.isConnected()).toBe(true));
  server.says("tea", "@Parley what is 2 + 2?");
  await until(() => expect(posted("tea", "final")).toHaveLength(1));
  const [answer] = posted("tea", "final");
  server.chooses(answer?.id ?? "", answer?.actions[0] ?? "");
  await until(() => expect(server.messages.at(-1)?.text).toContain("answer was posted"));
  await stop();
});

test("what a process left is answered by the next one", async () => {
  const { server, posted, until, stop, restart } = await serveLines();
  await until(() => expect(server.isConnected()).toBe(true));
  await stop();
  server.says("tea", "@Parley anybody?");
  restart();
  await until(() => expect(posted("tea", "final")).toHaveLength(1));
  await stop();
});

test("a wrong token is an error that says what to set", async () => {
  const server = await createLinesServer();
  onTestFinished(() => server.stop());
  const settings = { ...server.env, LINES_TOKEN: "wrong" };
  const { createLines } = await import("../../example-adapter/lines.ts");
  const { readLinesSettings } = await import("../../example-adapter/settings.ts");
  const { platform } = createLines({
    settings: readLinesSettings(settings),
    clock: systemClock,
    wallClock: Date.now,
    commands: { turns: { get: async () => null, untaken: async () => [] } },
    report() {},
  });
  const intake = createScriptedTeam();
  await expect(platform.start(intake)).rejects.toThrow("check LINES_TOKEN");
});
