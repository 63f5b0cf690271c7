import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { hasPty, startPty } from "../support/pty.ts";
import { type House, openHouse } from "./house.ts";
import { environment, MAIN } from "./parley-process.ts";
import { PATIENCE } from "../support/patience.ts";

vi.setConfig({ testTimeout: 120_000 });

const onTerminal = test.skipIf(!hasPty);

const JOINED = "Parley runs in another terminal here already.";

/** A chat on the house's data folder. */
async function chat(house: House, thread: string, shows: string) {
  const args = [MAIN, "chat", "--thread", thread];
  const env = environment({ ...house.env, TERM: "xterm-256color" });
  const pty = startPty({ args, env, columns: 100, rows: 50 });
  await pty.shows(shows);
  await pty.shows("Ctrl-C quits");
  return { ...pty, say: (text: string) => pty.type(`${text}\r`) };
}

/** Two terminals in one folder; Gemini does not answer the question “hold” until released. */
async function twoTerminals() {
  const house = await openHouse();
  const release = house.panel.hold(
    ({ model, said }) => model === "gemini-test" && said.at(-1)?.includes("hold") === true,
  );
  const first = await chat(house, "one", "new thread one");
  const second = await chat(house, "two", JOINED);
  return { house, release, first, second };
}

onTerminal("a second terminal in the folder joins the first, each in its own thread", async () => {
  const { house, first, second } = await twoTerminals();
  first.say("The code word is heron. First?");
  second.say("The code word is heron. Second?");
  await first.shows("● Gemini");
  await second.shows("● Gemini");
  expect(await first.scrollback()).not.toContain("Second?");
  expect(await second.scrollback()).not.toContain("First?");
  // Only this user can join.
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect(await modeOf(join(house.data, "terminal"))).toBe("700");
  expect(await modeOf(join(house.data, "terminal", "socket"))).toBe("600");
});

onTerminal("two terminals in one thread see the same", async () => {
  const { first, second } = await twoTerminals();
  second.say("/new one");
  await second.shows("thread one ──");
  first.say("The code word is heron. And now?");
  await second.shows("› The code word is heron. And now?");
  await second.shows("● Gemini");
});

onTerminal(
  "the first is killed while it answers the second, which takes over and gets its answer",
  async () => {
    const { release, first, second } = await twoTerminals();
    second.say("The code word is heron. Please hold?");
    await second.shows("GPT    has answered");
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    release();
    await second.shows("── thread two ──");
    await second.shows("● Gemini");
    second.say("/threads");
    await second.shows("two");
    second.say("/quit");
    expect(await second.exited).toBe(0);
  },
);

onTerminal("when the first quits, the second goes on", async () => {
  const { first, second } = await twoTerminals();
  first.say("/quit");
  expect(await first.exited).toBe(0);
  await vi.waitFor(async () => {
    const all = await second.scrollback();
    expect(all.match(/new thread two/g)).toHaveLength(2);
  }, PATIENCE);
  second.say("The code word is heron. Still there?");
  await second.shows("● Gemini");
});

onTerminal("a question from a script is answered beside an open chat", async () => {
  const { house, first } = await twoTerminals();
  const once = house.start({ args: ["-p", "The code word is heron. Alone?"], input: "" });
  expect(await once.exited).toBe(0);
  expect(once.output()).toContain("heron, answer 1: gemini-test");
  const json = house.start({
    args: ["--once", "--json"],
    input: "The code word is heron. Events?",
  });
  expect(await json.exited).toBe(0);
  expect(new Set(json.lines().map(({ conversation }) => conversation)).size).toBe(1);
  expect(json.lines().at(-1)?.type).toBe("turn_summary");
  expect(await first.scrollback()).not.toContain("Alone?");
});

onTerminal("a question whose process is killed says where it goes on", async () => {
  const { house, first } = await twoTerminals();
  const once = house.start({
    args: ["-p", "The code word is heron. hold", "--thread", "three"],
    input: "",
  });
  await once.until(() => expect(once.errors()).toContain("GPT has answered"));
  process.kill(first.pid, "SIGKILL");
  expect(await once.exited).toBe(2);
  expect(once.errors()).toContain("chat --thread three");
});
