import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { hasPty, startPty } from "../support/pty.ts";
import { type House, openHouse } from "./house.ts";
import { environment, MAIN } from "./parley-process.ts";
import { PATIENCE } from "../support/patience.ts";
import { KEYS } from "./team-files.ts";

// Where there is no binary of the pseudo-terminal package, these say "skipped".
const onTerminal = test.skipIf(!hasPty);

const ROOT = "The code word is heron. How do we begin?";

/** The chat of a person at a terminal, with the panel's models. */
async function chat(house: House, env: Readonly<Record<string, string>> = {}) {
  const args = [MAIN, "chat", "--thread", "heron"];
  const surroundings = environment({ ...house.env, ...env, TERM: "xterm-256color" });
  const pty = startPty({ args, env: surroundings, columns: 110, rows: 70 });
  await pty.shows("Ctrl-C quits");
  const asked = (count: number) =>
    vi.waitFor(() => expect(house.panel.count("gemini-test")).toBe(count), PATIENCE);
  return { ...pty, say: (text: string) => pty.type(`${text}\r`), asked };
}

/** A chat in which the turn cannot end: Gemini, the last one, does not answer until released. */
async function chatInTurn(duringTurn: string) {
  const house = await openHouse({ more: { during_turn: duringTurn } });
  const release = house.panel.hold(
    ({ model, said }) => model === "gemini-test" && said.length === 1,
  );
  const person = await chat(house);
  person.say(ROOT);
  await person.asked(1);
  return { house, release, person };
}

onTerminal(
  "a message that steers is put to the agents at work, and one answer takes both in",
  async () => {
    const { house, release, person } = await chatInTurn("steer");
    person.say("Keep it short");
    await person.shows("sent to the agents at work");
    await person.shows("1 added message: 0 of 3 agents answered with it in view");
    release();
    await person.shows("heron, answer 1: gemini-test on “Keep it short”.");
    const finished = await person.shows("✔ The council answered");
    expect(finished.match(/^Gemini's answer ·/gm)).toHaveLength(1);
    const steered = house.panel.asked.filter(({ said }) => said.length === 2);
    expect(new Set(steered.map(({ model }) => model)).size).toBe(3);
  },
);

onTerminal("a message that restarts ends the turn, and the next one has both in view", async () => {
  const { release, person } = await chatInTurn("restart");
  person.say("No, differently?");
  await person.shows("the turn starts over with this message");
  await person.shows("heron, answer 1: gemini-test on “No, differently?”.");
  release();
  const screen = await person.shows("✔ The council answered");
  expect(screen.match(/^Gemini's answer ·/gm)).toHaveLength(1);
});

onTerminal("a message typed during a turn is answered after it", async () => {
  const { release, person } = await chatInTurn("queue");
  person.say("And then?");
  await person.shows("› And then?\n· queued: answered after this turn");
  await person.shows("1 queued");
  release();
  await person.shows("heron, answer 2: gemini-test on “And then?”");
  await vi.waitFor(async () => {
    const all = await person.scrollback();
    expect(all.match(/^Gemini's answer ·/gm)).toHaveLength(2);
  }, PATIENCE);
});

onTerminal(
  "a queued message outlives kill -9, and is answered after the turn it waited for",
  async () => {
    const { house, release, person } = await chatInTurn("queue");
    person.say("And then?");
    await person.shows("1 queued");
    process.kill(person.pid, "SIGKILL");
    await person.exited;
    release();
    const again = await chat(house);
    await again.shows("heron, answer 1: gemini-test on “The code word is heron");
    await again.shows("heron, answer 2: gemini-test on “And then?”");
    expect(
      house.panel.asked
        .filter(({ model, said }) => model === "gpt-test" && said.length === 1)
        .filter(({ kind }) => kind === "answer"),
    ).toHaveLength(1);
  },
);

onTerminal("what a person prefers is counted with the votes", async () => {
  const { release, person } = await chatInTurn("queue");
  await person.shows("GPT    has answered");
  person.say("/prefer GPT");
  await person.shows("Your vote is for");
  release();
  await person.shows("✔ The council answered");
  person.say("/why");
  expect(await person.shows("People who prefer it")).toMatch(/People who prefer it +│ 0 +│ 0 +│ 1/);
});

onTerminal("the log of a chat is a file beside the data, without secrets", async () => {
  const house = await openHouse();
  const person = await chat(house, { LOG_LEVEL: "debug" });
  person.say(ROOT);
  const screen = await person.shows("✔ The council answered");
  person.say("/quit");
  expect(await person.exited).toBe(0);
  const log = await readFile(join(house.data, "parley.log"), "utf8");
  expect(log).toContain('"msg":"turn ended"');
  expect(Object.values(KEYS).filter((key) => `${log}${screen}`.includes(key))).toEqual([]);
});

onTerminal("a broken team file is shown to the person at the terminal", async () => {
  const house = await openHouse();
  const person = await chat(house);
  await writeFile(join(house.configs, "council.yaml"), "name: Council\nagnets: []\n");
  await person.shows('council.yaml:2:1: unknown key "agnets"; did you mean "agents"?');
  person.say(ROOT);
  await person.shows("heron, answer 1: gemini-test");
});
