import { EventEmitter } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { AdapterContext, AdapterEntry, StartFlags } from "../../src/adapter-kit/adapter.ts";
import { parseCli } from "../../src/cli/parse-cli.ts";
import { serve } from "../../src/serve/serve.ts";
import { loadSettings } from "../../src/settings.ts";
import { StoreInvariantError } from "../../src/store/store-error.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { createThreadPlatform } from "../support/thread-platform.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PATIENCE } from "../support/patience.ts";

const flags = (...args: readonly string[]): StartFlags => {
  const command = parseCli(["start", ...args]);
  if (command.name !== "start") throw new Error(`${args.join(" ")} starts nothing.`);
  return command;
};

/** A house with the platforms `terminal`, `red` and `blue`; each is configured by a variable of its name. */
async function openHouse(env: Readonly<Record<string, string>> = {}, screen = false) {
  const dir = await temporaryFolder();
  const signals = new EventEmitter();
  const happened: string[] = [];
  const contexts: AdapterContext[] = [];
  const entry = (name: string): AdapterEntry => ({
    name,
    isConfigured: (variables) => variables[name.toUpperCase()] !== undefined,
    isFallback: name === "terminal",
    ownsScreen: () => screen,
    isService: name !== "terminal",
    async create(context) {
      if (context.loaded.env["BROKEN"] === name) throw new Error(`${name} cannot be reached.`);
      contexts.push(context);
      const { platform } = createThreadPlatform();
      const start: typeof platform.start = async (intake) => {
        await platform.start(intake);
        happened.push(`${name} starts`);
      };
      const stop = async () => {
        happened.push(`${name} stops`);
        // Whatever it waits for does not come.
        if (context.loaded.env["STUCK"] === name) await new Promise(() => {});
      };
      const restore = () => void happened.push(`${name} is restored`);
      return { platform: { ...platform, name, start, stop }, restore };
    },
  });
  const entries = ["terminal", "red", "blue"].map(entry);
  const clock = createFakeClock();
  const { stdin: input, stdout: output, stderr: error, pid } = process;
  const run = (args: readonly string[] = [], variables: Readonly<Record<string, string>> = env) => {
    const settings = {
      PARLEY_DATA: dir,
      PORT: "0",
      LOG_LEVEL: screen ? "info" : "silent",
      ...variables,
    };
    const loaded = loadSettings(settings, () => "");
    const versions = { version: "0.1.0", versionLine: "Parley 0.1.0 (Node 24)" };
    const streams = { input, output, error };
    return serve(flags(...args), { ...streams, ...versions, signals, pid, clock, loaded }, entries);
  };
  // A busy machine starts slowly.
  const until = (event: string) => vi.waitFor(() => expect(happened).toContain(event), PATIENCE);
  return { dir, signals, clock, happened, contexts, run, until };
}

test.each([
  ["the terminal where no token is set", {}, [], ["terminal starts"]],
  ["every platform whose token is set", { RED: "1", BLUE: "1" }, [], ["red starts", "blue starts"]],
  ["the platform that is named, once", { RED: "1" }, ["blue", "blue"], ["blue starts"]],
])("what is served: %s", async (_, env, named, started) => {
  const house = await openHouse(env);
  const served = house.run(named.map((name) => `--platform=${name}`));
  await house.until(started.at(-1) ?? "");
  expect(house.happened).toEqual(started);
  house.signals.emit("SIGTERM");
  expect(await served).toBe(0);
});

test("a platform that there is not is named beside those there are", async () => {
  const { run } = await openHouse();
  await expect(run(["--platform", "bleu"])).rejects.toThrow(
    "There is no platform “bleu”; there is terminal, red, blue. Did you mean blue?",
  );
});

test("a signal stops all platforms, and the screen is restored after that", async () => {
  const { run, signals, happened, until } = await openHouse({ RED: "1", BLUE: "1" });
  const served = run();
  await until("blue starts");
  signals.emit("SIGINT");
  expect(await served).toBe(0);
  expect(happened.slice(2)).toEqual([
    "red stops",
    "blue stops",
    "red is restored",
    "blue is restored",
  ]);
  expect(signals.eventNames()).toEqual([]);
});

test.each([
  ["once", ["SIGTERM"], 25_000],
  ["twice", ["SIGTERM", "SIGINT"], 6_000],
])("asked to leave %s, it has left in time, whatever does not let go", async (_, asked, ms) => {
  const { run, signals, clock, until } = await openHouse({ RED: "1", STUCK: "red" });
  const served = run();
  await until("red starts");
  for (const signal of asked) signals.emit(signal);
  await until("red stops");
  let code: number | undefined;
  void served.then((left) => (code = left));
  await clock.advance(ms - 1);
  expect(code).toBeUndefined();
  await clock.advance(1);
  expect(code).toBe(0);
});

test("an adapter ends the process with its own code", async () => {
  const { run, contexts, until } = await openHouse();
  const served = run();
  await until("terminal starts");
  contexts[0]?.exit(3);
  expect(await served).toBe(3);
});

test("a platform that cannot be made ends it all, and the data folder is free again", async () => {
  const house = await openHouse({ RED: "1", BLUE: "1", BROKEN: "blue" });
  await expect(house.run()).rejects.toThrow("blue cannot be reached.");
  expect(house.happened).toEqual(["red is restored"]);
  const served = house.run([], {});
  await house.until("terminal starts");
  house.signals.emit("SIGTERM");
  expect(await served).toBe(0);
});

test("while an adapter draws on the screen, the log is a file beside the data", async () => {
  const { dir, run, signals, contexts, until } = await openHouse({}, true);
  const served = run();
  await until("terminal starts");
  contexts[0]?.report(new Error("The connection comes and goes."));
  signals.emit("SIGTERM");
  await served;
  const log = () => readFile(join(dir, "parley.log"), "utf8");
  await vi.waitFor(
    async () => expect(await log()).toContain("The connection comes and goes."),
    PATIENCE,
  );
  expect(await log()).toContain('"msg":"serving"');
});

test("a start without any budget says so, and how to set one; with one it does not", async () => {
  for (const [env, count] of [
    [{}, 1],
    [{ PARLEY_BUDGET: "50usd/day" }, 0],
  ] as const) {
    const { dir, run, signals, until } = await openHouse(env, true);
    const served = run();
    await until("terminal starts");
    signals.emit("SIGTERM");
    await served;
    const log = () => readFile(join(dir, "parley.log"), "utf8");
    await vi.waitFor(async () => expect(await log()).toContain('"msg":"serving"'), PATIENCE);
    expect((await log()).split("PARLEY_BUDGET=50usd/day").length - 1).toBe(count);
  }
});

test("an error that nobody caught is logged, and everything is served further", async () => {
  const { dir, run, signals, until } = await openHouse({ RED: "1" }, true);
  const served = run();
  await until("red starts");
  signals.emit("unhandledRejection", new Error("nobody awaited this"), Promise.resolve());
  signals.emit("uncaughtException", new TypeError("nobody caught this"));
  signals.emit("SIGTERM");
  expect(await served).toBe(0);
  const log = () => readFile(join(dir, "parley.log"), "utf8");
  await vi.waitFor(async () => expect(await log()).toContain("nobody caught this"), PATIENCE);
  expect(await log()).toContain("nobody awaited this");
});

test("a store whose promises are broken ends the process with exit code 1", async () => {
  const { run, signals, until } = await openHouse({ RED: "1", STUCK: "red" });
  const served = run();
  await until("red starts");
  signals.emit("unhandledRejection", new StoreInvariantError("the queue has stopped"));
  expect(await served).toBe(1);
});

test("a limit or a time zone that is not understood keeps Parley from starting, and is named", async () => {
  const { run } = await openHouse();
  await expect(run([], { PARLEY_BUDGET: "50usd" })).rejects.toThrow(
    "PARLEY_BUDGET: “50usd” is no limit. Write 5usd/day or",
  );
  await expect(run([], { PARLEY_TIME_ZONE: "Berlin" })).rejects.toThrow(
    "PARLEY_TIME_ZONE: there is no time zone “Berlin”. Write one such as UTC or Europe/Berlin.",
  );
});

test("without any key, the log says at the start what to set", async () => {
  const house = await openHouse({ LOG_LEVEL: "info", PARLEY_TEAM: "" }, true);
  const served = house.run();
  await house.until("terminal starts");
  await vi.waitFor(
    async () =>
      expect(await readFile(join(house.dir, "parley.log"), "utf8")).toContain(
        "set at least one of OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY",
      ),
    PATIENCE,
  );
  house.signals.emit("SIGTERM");
  expect(await served).toBe(0);
});
