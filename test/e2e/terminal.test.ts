import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasPty, startPty } from "../support/pty.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { environment, MAIN, startParley } from "./parley-process.ts";

interface ChatOptions {
  readonly args?: readonly string[];
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/** The real program with the demo team, on a real terminal. */
async function chat({ args = [], data, env = {}, columns = 80, rows = 24 }: ChatOptions = {}) {
  const folder = data ?? (await temporaryFolder());
  const surroundings = environment({ PARLEY_DATA: folder, TERM: "xterm-256color", ...env });
  const pty = startPty({ args: [MAIN, "chat", ...args], env: surroundings, columns, rows });
  await pty.shows("Ctrl-C quits");
  return { ...pty, data: folder };
}

/** A folder with the demo team, ten times as fast. */
async function quickDemo(): Promise<string> {
  const folder = await temporaryFolder();
  const demo = await readFile(join(import.meta.dirname, "../../configs/demo.yaml"), "utf8");
  const quick = demo.replaceAll("model: simulated", "model: simulated, options: { pace: 0.1 }");
  await writeFile(join(folder, "demo.yaml"), quick);
  return folder;
}

const CTRL_C = "\x03";
const LEFT = "\x1b[D";

// Where there is no binary of the pseudo-terminal package, these say "skipped".
const onTerminal = test.skipIf(!hasPty);

onTerminal(
  "a question is typed, corrected, answered, and there again after a restart",
  async () => {
    const env = { PARLEY_CONFIGS: await quickDemo() };
    const first = await chat({ env, rows: 40 });
    first.type("What is 17 time 3 for 漢字");
    first.type(`${LEFT.repeat(" 3 for 漢字".length)}s`);
    await first.shows("› What is 17 times 3 for 漢字");
    first.type("\r");
    await first.shows("answering");
    await first.shows("✔ Demo answered");
    expect(await first.shows("Simulated: no model")).toContain("Simulated: no model was asked.");
    first.type("/quit\r");
    expect(await first.exited).toBe(0);
    const again = await chat({ args: ["--continue"], data: first.data, env, rows: 40 });
    expect(await again.shows("Simulated: no model")).toContain("› What is 17 times 3 for 漢字");
  },
);

onTerminal("Esc stops the turn, a second one leaves, and the terminal is as it was", async () => {
  const it = await chat();
  it.type("Which index?\r");
  await it.shows("Esc stops the turn");
  await it.shows("answering");
  it.type(CTRL_C);
  await it.shows("■ Demo stopped by");
  // Only then is the turn over; before, a second Ctrl-C leaves at once.
  await it.shows("Ctrl-J new line");
  it.type(CTRL_C);
  await it.shows("Ctrl-C again quits");
  it.type(CTRL_C);
  expect(await it.exited).toBe(0);
  const last = (sequence: string) => it.written().lastIndexOf(sequence);
  expect(last("\x1b[?2004l")).toBeGreaterThan(last("\x1b[?2004h"));
  expect(last("\x1b[?25h")).toBeGreaterThan(last("\x1b[?25l"));
});

onTerminal("lines pasted at once are one message", async () => {
  const it = await chat();
  it.type("\x1b[200~first line\rsecond line\x1b[201~");
  await it.shows("› first line\n  second line\n  Demo");
  it.type("\r");
  await it.shows("› first line\n  second line\n\n");
  await it.shows("answering");
});

onTerminal("a terminal that changes its size keeps one board and one prompt", async () => {
  const it = await chat({ columns: 200, rows: 50 });
  it.type("Which index?\r");
  await it.shows("answering");
  it.type("typed while it runs");
  for (const [columns, rows] of [
    [60, 20],
    [120, 30],
    [50, 16],
    [80, 24],
  ] as const) {
    it.resize(columns, rows);
    await it.shows("› typed while it runs");
  }
  const screen = await it.shows("Esc stops the turn");
  expect(screen.match(/› typed while it runs/g)).toHaveLength(1);
  expect(screen.match(/Ada/g)).toHaveLength(1);
});

onTerminal("NO_COLOR is heard", async () => {
  const plain = await chat({ env: { NO_COLOR: "1" } });
  plain.type("/threads\r");
  await plain.shows("No threads yet");
  const coloured = await chat();
  const isStyle = (part: string) => /^[\d;]*m/.test(part);
  expect(plain.written().split("\x1b[").filter(isStyle)).toEqual([]);
  expect(coloured.written().split("\x1b[").filter(isStyle)).not.toEqual([]);
});

onTerminal("a terminal without any abilities gets lines, and no escape sequence", async () => {
  const env = environment({ PARLEY_DATA: await temporaryFolder(), TERM: "dumb" });
  const it = startPty({ args: [MAIN, "chat"], env, columns: 80, rows: 40 });
  it.type("We are five people. How many are we?\r");
  await it.shows("Simulated: no model");
  it.type("/quit\r");
  expect(await it.exited).toBe(0);
  expect(it.written()).not.toContain("\x1b");
  expect(it.written()).not.toContain("INFO");
});

onTerminal("a question that is typed while Parley starts is sent", async () => {
  const env = environment({ PARLEY_DATA: await temporaryFolder(), TERM: "xterm-256color" });
  const it = startPty({ args: [MAIN, "chat"], env, columns: 80, rows: 24 });
  it.type("Which index?\r");
  await it.shows("Esc stops the turn");
  expect((await it.shows("answering")).match(/› Which index\?/g)).toHaveLength(1);
});

test("what a script gets beside an answer is for people, and errors say what works in a clone", async () => {
  const env = { PARLEY_DATA: await temporaryFolder() };
  const asked = startParley({ args: ["-p", "We are five. How many are we?"], env, input: "" });
  expect(await asked.exited).toBe(0);
  expect(asked.output()).toContain("-- ");
  expect(asked.errors()).toContain("No API key is set");
  expect(
    asked
      .errors()
      .split("\n")
      .filter((line) => line.startsWith("{")),
  ).toEqual([]);
  const wrong = startParley({ args: ["chta"], env, input: "" });
  expect(await wrong.exited).toBe(2);
  expect(wrong.errors()).toBe(
    "parley: Did you mean the command chat, not “chta”? `npm start -- help` lists the commands. To ask it as a question: npm start -- -p chta\n",
  );
});
