import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { okReply, playTurn } from "../../support/scripted-team.ts";
import { turnStory } from "../../support/turn-story.ts";
import { ask, completing, startRig } from "./rig.ts";
import { PATIENCE } from "../../support/patience.ts";

test.each([
  ["Ctrl-J", "\n"],
  ["Alt-Enter", "\x1b\r"],
  ["Shift-Enter", "\x1b[13;2u"],
  ["a backslash and Enter", "\\\r"],
])("%s begins a new line", async (_name, keys) => {
  const rig = await startRig();
  rig.type(`one${keys}two`);
  await rig.shows("› one\n  two");
  expect((await ask(rig, "")).text).toBe("one\ntwo");
});

test("the cursor is after the typed text, wide characters included", async () => {
  const rig = await startRig();
  rig.type("a漢👩‍👩‍👧");
  await rig.shows("› a漢");
  expect(await rig.cursor()).toEqual({ row: 4, column: 2 + 1 + 2 + 2 });
});

test("a long draft shows eight rows of it, around the cursor", async () => {
  const rig = await startRig();
  rig.type(Array.from({ length: 20 }, (_, n) => `line ${n + 1}`).join("\n"));
  const screen = await rig.shows("line 20");
  expect(screen).toContain("› line 13");
  expect(screen).not.toContain("line 12\n");
});

test("an empty line is not sent", async () => {
  const rig = await startRig();
  rig.type("\r  \r");
  rig.type("/status\r");
  await vi.waitFor(() => expect(rig.team.commands).toHaveLength(1), PATIENCE);
  expect(rig.team.messages).toEqual([]);
});

test("Tab completes paths and thread names", async () => {
  const rig = await startRig();
  const folder = join(rig.dir, "..", "files here");
  await mkdir(folder);
  await writeFile(join(folder, "report one.txt"), "1");
  rig.type(`/attach ${join(rig.dir, "..")}/fil\t`);
  await rig.shows("files\\ here/");
  rig.type("rep\t");
  await rig.shows("report\\ one.txt");
  rig.type("\r");
  await rig.shows("+ report one.txt (1 B)");
  await ask(rig, "Read it");
  rig.type("/open 2026\t");
  await rig.shows("› /open 2026-11-23-1");
  rig.type("\r");
  await rig.shows("── thread 2026-11-23-1 ──");
});

test("more candidates than fit are counted", async () => {
  const lines = Array.from({ length: 90 }, (_, n) => `team show team-${n}`);
  const rig = await startRig({
    options: { completions: (prefix) => Promise.resolve(completing(lines, prefix)) },
  });
  rig.type("/team\t");
  await rig.shows("more");
  rig.type("x");
  expect(await rig.shows("› /team show team-x")).not.toContain("more");
});

test("Ctrl-L clears the screen and keeps the input", async () => {
  const rig = await startRig();
  rig.type("half a thought\x0c");
  await vi.waitFor(async () => expect(await rig.screen()).not.toContain("Parley"), PATIENCE);
  expect(await rig.screen()).toContain("› half a thought");
});

test("Ctrl-D quits, but only on an empty line", async () => {
  const rig = await startRig();
  rig.type("x\x04");
  await rig.shows("› x");
  expect(rig.exits).toEqual([]);
  rig.type("\x7f\x04");
  await vi.waitFor(() => expect(rig.exits).toEqual([0]), PATIENCE);
});

test("a terminal that hangs up ends the chat", async () => {
  const rig = await startRig();
  rig.input.end();
  await vi.waitFor(() => expect(rig.exits).toEqual([0]), PATIENCE);
});

test("help lists the shared commands and the terminal's own", async () => {
  const rig = await startRig({ rows: 40, reply: () => okReply("Commands", "- `why`") });
  rig.type("/help\r");
  const screen = await rig.shows("/attach FILE …");
  expect(screen).toContain("Commands\n\n• `why`\n\nIn the terminal");
});

test("a command that the store refuses gets a failed reply, and the chat continues", async () => {
  const rig = await startRig({ reply: () => Promise.reject(new Error("the disk is full")) });
  rig.type("/status\r");
  await rig.shows("/status failed\n\nthe disk is full");
});

test("on a small terminal, the board and the input stay complete", async () => {
  const rig = await startRig({ columns: 40, rows: 8 });
  await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory().slice(0, 13));
  const screen = await rig.shows("council · 3 agents · 2026-11-23-1");
  expect(screen.split("\n").length).toBeLessThanOrEqual(8);
  expect(screen).toContain("⠋ council is comparing");
});

test("a resize during a turn leaves one board", async () => {
  const rig = await startRig({ columns: 100 });
  await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory().slice(0, 13));
  await rig.shows("is comparing");
  for (const columns of [50, 120, 44]) rig.resize(columns, 24);
  await vi.waitFor(
    async () => expect((await rig.screen()).match(/is comparing/g)).toHaveLength(1),
    PATIENCE,
  );
});

test("a notice is printed above the input", async () => {
  const rig = await startRig();
  rig.terminal.notice("configs/duo.yaml is broken: the last good version stays.");
  await rig.shows("· configs/duo.yaml is broken: the last good version stays.\n\n›");
});

test("names and text of models cannot control the screen", async () => {
  const rig = await startRig({ rows: 40, options: { colour: true } });
  const answer = "before\x1b[2J\x1b[H\x1b]0;owned\x07\x9b5Aafter\u202e";
  const turn = await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory({ answer }));
  await turn.finish();
  await rig.shows("beforeafter");
  const sequences = rig
    .written()
    .split("\x1b")
    .slice(1)
    .map((part) => /^\[[?\d;]*[A-Za-z]/.exec(part)?.[0] ?? part);
  const known = /^\[(\?(2026|2004|25)[hl]|[\d;]*m|\d*[ABCJK])$/;
  expect(sequences.filter((sequence) => !known.test(sequence))).toEqual([]);
});
