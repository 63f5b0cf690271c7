import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { playTurn } from "../../support/scripted-team.ts";
import { turnStory } from "../../support/turn-story.ts";
import { ask, startRig } from "./rig.ts";

test("an attached file is sent with the next message only", async () => {
  const rig = await startRig();
  const path = join(rig.dir, "..", "my notes.txt");
  await writeFile(path, "seven");
  rig.type(`/attach "${path}"\r`);
  await rig.shows("+ my notes.txt (5 B)");
  const [file] = (await ask(rig, "Read it")).files;
  expect(file).toMatchObject({ name: "my notes.txt", mediaType: "text/plain", bytes: 5 });
  const bytes = await file?.load(new AbortController().signal);
  expect(new TextDecoder().decode(bytes)).toBe("seven");
  expect((await ask(rig, "And now?")).files).toEqual([]);
});

test("a missing file is reported, not sent", async () => {
  const rig = await startRig();
  rig.type("/attach /nowhere/x.png\r");
  await rig.shows("/attach failed\n\nThere is no file /nowhere/x.png.");
});

test("threads are separate, listed, and opened again with their messages", async () => {
  const rig = await startRig({ rows: 60 });
  const turn = await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory());
  await turn.finish();
  rig.type("/new\r");
  await rig.shows("── new thread 2026-11-23-2 ──");
  expect((await ask(rig, "Other matter")).conversation).toBe("terminal::local:2026-11-23-2");
  rig.type("/threads\r");
  await rig.shows("│ Which index? │ 2        │");
  rig.type("/open 2026-11-23-1\r");
  const screen = await rig.shows("── thread 2026-11-23-1 ──");
  expect(screen.split("── thread 2026-11-23-1 ──")[1]).toContain("› Which index?\n\n● Gemini");
});

test("an answer in another thread is announced, not shown", async () => {
  const rig = await startRig();
  const turn = await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory());
  rig.type("/new elsewhere\r");
  await rig.shows("── new thread elsewhere ──");
  await turn.finish();
  const screen = await rig.shows("· Gemini answered in thread 2026-11-23-1: /open 2026-11-23-1");
  expect(screen).not.toContain("B-tree");
});

test("a restart continues the latest thread", async () => {
  const first = await startRig();
  await ask(first, "Which index?");
  await first.terminal.stop();
  const second = await startRig({ options: { dir: first.dir, continueLatest: true } });
  await second.shows("── thread 2026-11-23-1 ──\n\n› Which index?");
  second.type("\x1b[A");
  await second.shows("› Which index?\n  council");
});
