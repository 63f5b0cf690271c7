import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { ask, startRig } from "./rig.ts";
import { PATIENCE } from "../../support/patience.ts";

const paste = (text: string) => `\x1b[200~${text}\x1b[201~`;
const UP = "\x1b[A";
const DOWN = "\x1b[B";

/** A chat in a folder with some files. */
async function rigWithFiles(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { ...(await startRig({ options: { folder } })), folder };
}

test("a slash opens the menu of commands, which typing filters and the arrow keys move in", async () => {
  const rig = await startRig();
  rig.type("/");
  expect(await rig.shows("› /attach")).toContain("/copy");
  rig.type("t");
  expect(await rig.shows("› /team list  does team list")).not.toContain("/copy");
  rig.type(DOWN);
  await rig.shows("› /team show");
  rig.type(UP + UP);
  await rig.shows("› /threads");
  rig.type("\r");
  await rig.shows("No threads yet");
});

test("Enter on a command that needs more words writes it and waits for them", async () => {
  const rig = await startRig();
  rig.type("/team u");
  await rig.shows("› /team use  does team use");
  rig.type("\r");
  await rig.shows("› /team use\n");
  rig.type("council\r");
  await vi.waitFor(
    () => expect(rig.team.commands.map(({ text }) => text)).toEqual(["team use council"]),
    PATIENCE,
  );
});

test("Esc closes the menu and keeps what is written", async () => {
  const rig = await startRig();
  rig.type("/te");
  await rig.shows("does team list");
  rig.type("\x1b");
  await rig.clock.advance(50);
  await vi.waitFor(
    async () => expect(await rig.screen()).not.toContain("does team list"),
    PATIENCE,
  );
  expect(await rig.screen()).toContain("› /te\n");
});

test("@ finds files by a part of their name, nearer ones first, without those of tools", async () => {
  const rig = await rigWithFiles({
    "src/deep/plan.ts": "1",
    "plan.md": "2",
    "node_modules/x/plan.js": "3",
    ".git/plan": "4",
  });
  rig.type("Read @pla");
  const screen = await rig.shows("› plan.md\n  src/deep/plan.ts");
  expect(screen).not.toContain("node_modules");
  expect(screen).not.toContain(".git");
  rig.type("\r");
  await rig.shows("› Read @plan.md");
  const message = await ask(rig, "please");
  expect(message.text).toBe("Read @plan.md please");
  expect(message.files).toMatchObject([{ name: "plan.md", bytes: 1 }]);
});

test.each([
  ["Is @notes.txt, right?", "Is @notes.txt, right?", ["notes.txt"]],
  ['See @"my notes.txt".', 'See @"my notes.txt".', ["my notes.txt"]],
  ["Ask @ada and ada@notes.txt", "Ask @ada and ada@notes.txt", []],
  ["Look into @folder", "Look into @folder", []],
])("%s", async (typed, sent, files) => {
  const rig = await rigWithFiles({ "notes.txt": "1", "my notes.txt": "2", "folder/x": "3" });
  const message = await ask(rig, typed);
  expect(message.text).toBe(sent);
  expect(message.files.map(({ name }) => name)).toEqual(files);
});

test.each([
  ["as it is", (path: string) => path],
  ["with escaped spaces", (path: string) => path.replaceAll(" ", "\\ ")],
  ["in quotes", (path: string) => `'${path}'`],
  ["as a URL", (path: string) => `file://${path.replaceAll(" ", "%20")}`],
])("a file that is dropped on the terminal is sent (%s)", async (_name, form) => {
  const rig = await rigWithFiles({ "screen shot.png": "\x89PNG" });
  rig.type("What is this?");
  rig.type(paste(form(join(rig.folder, "screen shot.png"))));
  const message = await ask(rig, "");
  expect(message.files).toMatchObject([{ name: "screen shot.png", mediaType: "image/png" }]);
  // The folder says who the person is, and is none of the models' business.
  expect(message.text).toBe("What is this? @screen shot.png");
});

test("several files are dropped at once", async () => {
  const rig = await rigWithFiles({ "a.png": "1", "b c.png": "2" });
  rig.type(paste(`${join(rig.folder, "a.png")} ${join(rig.folder, "b\\ c.png")} `));
  const { files } = await ask(rig, "compare");
  expect(files.map(({ name }) => name)).toEqual(["a.png", "b c.png"]);
});

test("a pasted text that mentions a file does not send it", async () => {
  const rig = await rigWithFiles({ "secret.txt": "1" });
  rig.type(paste(`${"line\n".repeat(20)}@secret.txt`));
  expect((await ask(rig, "")).files).toEqual([]);
  rig.type(paste("please read @secret.txt"));
  const short = await ask(rig, "");
  expect([short.text, short.files]).toEqual(["please read @secret.txt", []]);
  // Nor does a message that is recalled and sent again.
  rig.type(UP);
  await rig.shows("› please read @secret.txt");
  expect((await ask(rig, "")).files).toEqual([]);
});

test("a file that cannot be sent is said, and the message stays to be mended", async () => {
  const rig = await rigWithFiles({ "big.bin": "x".repeat(21 * 1024 * 1024) });
  rig.type("Read @big.bin\r");
  await rig.shows("big.bin has 21 MB; at most 20 MB.");
  await rig.shows("› Read @big.bin");
  expect(rig.team.messages).toEqual([]);
});

test("a long paste is one word in the input, and whole in the message", async () => {
  const rig = await startRig();
  const text = Array.from({ length: 1500 }, (_, n) => `line ${n + 1}`).join("\n");
  rig.type("Summarise ");
  rig.type(paste(text));
  rig.type(" please");
  expect(await rig.shows("› Summarise [Pasted 1500 lines] please")).not.toContain("line 7");
  expect((await ask(rig, "")).text).toBe(`Summarise ${text} please`);
  expect(await rig.shows("… 1488 more lines")).not.toContain("line 700");
});

test("one Backspace removes a long paste, Ctrl-O shows it", async () => {
  const rig = await startRig();
  rig.type(`x${paste("word ".repeat(300))}\x7f`);
  await rig.shows("› x\n");
  rig.type(paste(`${"line\n".repeat(12)}last`));
  await rig.shows("› x[Pasted 13 lines]");
  rig.type("\x0f");
  expect(await rig.shows("line\n  last")).not.toContain("Pasted");
  expect((await ask(rig, "")).text).toBe(`x${"line\n".repeat(12)}last`);
});

test("a paste of a megabyte in many pieces is one paste", async () => {
  const rig = await startRig();
  const text = "0123456789abcdef\n".repeat(60_000);
  const whole = paste(text);
  for (let at = 0; at < whole.length; at += 65_521) rig.type(whole.slice(at, at + 65_521));
  await rig.shows("[Pasted 60001 lines]");
  expect((await ask(rig, "")).text).toBe(text.trimEnd());
});

test("Ctrl-R searches all threads, the latest message first", async () => {
  const rig = await startRig();
  await ask(rig, "Which index for ranges?");
  await ask(rig, "Which bus to the station?");
  rig.type("/new\r");
  await rig.shows("── new thread 2026-11-23-2 ──");
  rig.type("\x12whi");
  await rig.shows("search › whi");
  rig.type("ch ran");
  await rig.shows("› Which index for ranges?\n  Ctrl-R older");
  rig.type("\r");
  await rig.shows("› Which index for ranges?\n  council");
  const message = await ask(rig, "");
  expect(message).toMatchObject({
    text: "Which index for ranges?",
    conversation: "terminal::local:2026-11-23-2",
  });
});

test("Esc leaves the search with the draft as it was", async () => {
  const rig = await startRig();
  await ask(rig, "Which index?");
  rig.type("half a thought\x12whi");
  await rig.shows("› Which index?\n");
  rig.type("\x1b");
  await rig.clock.advance(50);
  await rig.shows("› half a thought");
});
