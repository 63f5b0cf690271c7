import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAttachments, formatBytes } from "../../src/adapter-kit/own-threads/attachments.ts";
import { createThreadFiles } from "../../src/adapter-kit/own-threads/thread-files.ts";
import { openThread } from "../../src/adapter-kit/own-threads/thread.ts";
import type { Thread } from "../../src/adapter-kit/own-threads/thread.ts";
import { createThreads } from "../../src/adapter-kit/own-threads/threads.ts";
import { TurnId } from "../../src/ids.ts";
import { openStore } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ADA, NOON } from "../adapters/terminal/rig.ts";

const now = () => NOON;
const texts = (thread: Thread) => thread.messages().map(({ text }) => text);
const mark = { turn: TurnId.parse("t1"), kind: "final", chunk: 0 } as const;

async function newThread() {
  const folder = join(await temporaryFolder(), "deep");
  const open = () => openThread("one", createThreadFiles(folder), now);
  return { folder, path: join(folder, "one.jsonl"), thread: await open(), again: open };
}

test("a thread is what its file says, edits included", async () => {
  const { thread, again } = await newThread();
  const first = await thread.add({ author: ADA, text: "first" });
  await thread.add({ author: ADA, text: "second", mark });
  await thread.edit(first.id, "first, edited");
  const read = await again();
  expect(texts(read)).toEqual(["first, edited", "second"]);
  expect(read.messages()).toEqual(thread.messages());
  expect(read.find(mark)?.text).toBe("second");
  expect(read.find({ ...mark, chunk: 1 })).toBeUndefined();
});

test("an edit of a message that is not there is refused", async () => {
  const { thread } = await newThread();
  expect(await thread.edit("nobody", "x")).toBe(false);
});

test.each([1, 5, 40])(
  "a line torn %i bytes before its end is passed over, and the next stands",
  async (bytes) => {
    const { path, thread, again } = await newThread();
    await thread.add({ author: ADA, text: "whole" });
    await thread.add({ author: ADA, text: "torn" });
    await truncate(path, (await stat(path)).size - 1 - bytes);
    const reopened = await again();
    expect(texts(reopened)).toEqual(["whole"]);
    await reopened.add({ author: ADA, text: "after" });
    expect(texts(await again())).toEqual(["whole", "after"]);
  },
);

test("a last line without its line feed is kept", async () => {
  const { path, thread, again } = await newThread();
  await thread.add({ author: ADA, text: "whole" });
  await truncate(path, (await stat(path)).size - 1);
  const reopened = await again();
  await reopened.add({ author: ADA, text: "after" });
  expect(texts(await again())).toEqual(["whole", "after"]);
});

test("lines from a later version or of another kind do not hide the rest", async () => {
  const { path, thread, again } = await newThread();
  await thread.add({ author: ADA, text: "before" });
  await appendFile(path, '{"type":"reaction","id":"x"}\n{"type":"message"}\nnull\n\0\0\0\n');
  await (await again()).add({ author: ADA, text: "after" });
  expect(texts(await again())).toEqual(["before", "after"]);
});

test("concurrent messages stand in the order they were added", async () => {
  const { thread, again } = await newThread();
  const wanted = Array.from({ length: 50 }, (_, n) => `message ${n}`);
  await Promise.all(wanted.map((text) => thread.add({ author: ADA, text })));
  expect(texts(await again())).toEqual(wanted);
});

test("only its owner can read a thread", async () => {
  const { path, thread } = await newThread();
  await thread.add({ author: ADA, text: "secret" });
  expect((await stat(path)).mode & 0o077).toBe(0);
});

// Adds long messages for as long as it lives, and says which are on the disk.
const WRITER = `
  const { openThread } = await import(process.argv[1] + "/thread.ts");
  const { createThreadFiles } = await import(process.argv[1] + "/thread-files.ts");
  const thread = await openThread("one", createThreadFiles(process.argv[2]), Date.now);
  const author = { id: "ada", name: "Ada", kind: "person" };
  for (;;) {
    const { id } = await thread.add({ author, text: "x".repeat(200_000) });
    process.stdout.write(id + "\\n");
  }`;

test("a process killed while it writes loses no message that it said was written", async () => {
  const { folder, again } = await newThread();
  const module = join(import.meta.dirname, "../../src/adapter-kit/own-threads");
  const child = spawn(process.execPath, ["--input-type=module", "-e", WRITER, module, folder]);
  let said = "";
  child.stdout.on("data", (text: Buffer) => {
    said += String(text);
    if (said.split("\n").length > 8) child.kill("SIGKILL");
  });
  await once(child, "close");
  const kept = new Set((await again()).messages().map(({ id }) => id));
  const ids = said.trimEnd().split("\n");
  expect(ids.length).toBeGreaterThanOrEqual(8);
  expect(ids.filter((id) => !kept.has(id))).toEqual([]);
});

test("threads are listed latest first, under their names, whatever is in the names", async () => {
  const folder = await temporaryFolder();
  const threads = createThreads({
    lines: createThreadFiles(folder),
    platform: "terminal",
    channel: "local",
    wallTime: now,
  });
  for (const name of ["plain", "../../etc/passwd", "日本 / 50%"]) {
    await (await threads.open(name)).add({ author: ADA, text: "hello" });
  }
  await writeFile(join(folder, "notes.txt"), "not a thread");
  await writeFile(join(folder, "%zz.jsonl"), "");
  const again = createThreads({
    lines: createThreadFiles(folder),
    platform: "terminal",
    channel: "local",
    wallTime: now,
  });
  expect((await again.list()).map(({ name }) => name).toSorted()).toEqual(
    ["plain", "../../etc/passwd", "日本 / 50%"].toSorted(),
  );
  expect(texts(await again.open("日本 / 50%"))).toEqual(["hello"]);
});

test("a fresh name is the day and the first free number", async () => {
  const threads = createThreads({
    lines: createThreadFiles(await temporaryFolder()),
    platform: "terminal",
    channel: "local",
    wallTime: now,
  });
  await (await threads.open("2026-11-23-1")).add({ author: ADA, text: "hello" });
  expect(await threads.freshName()).toBe("2026-11-23-2");
});

test("threads in the database are seen by every process that shares it", async () => {
  const store = await openStore({ dir: ":memory:", pid: 1, now });
  const open = () =>
    createThreads({
      lines: store.threadLines.of("web"),
      platform: "web",
      channel: "page",
      wallTime: now,
    });
  const [one, other] = [open(), open()];
  const conversation = one.conversationOf("help / 1");
  const first = await (await one.of(conversation)).add({ author: ADA, text: "first" });
  await (await other.of(conversation)).add({ author: ADA, text: "second", mark });
  await (await other.of(conversation)).edit(first.id, "first, edited");
  const thread = await one.of(conversation);
  expect(texts(thread)).toEqual(["first, edited", "second"]);
  expect(thread.find(mark)?.text).toBe("second");
  expect((await one.list()).map(({ name }) => name)).toEqual(["help / 1"]);
  expect(await other.freshName()).toBe("2026-11-23-1");
});

test("an attached file is a copy: the original may change or go", async () => {
  const folder = await temporaryFolder();
  const original = join(folder, "plan.png");
  await writeFile(original, new Uint8Array([1, 2, 255]));
  const attachments = createAttachments(join(folder, "files"));
  const record = await attachments.take(original);
  await writeFile(original, "changed");
  expect(record).toMatchObject({ name: "plan.png", mediaType: "image/png", bytes: 3 });
  const file = attachments.attached(record);
  expect(new Uint8Array(await file.load(new AbortController().signal))).toEqual(
    new Uint8Array([1, 2, 255]),
  );
});

test("what can be read as text is text, whatever it is called", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "Makefile"), "all:\n\ttrue\n");
  await writeFile(join(folder, "core"), new Uint8Array([0xff, 0xfe, 0x00]));
  const attachments = createAttachments(join(folder, "files"));
  expect((await attachments.take(join(folder, "Makefile"))).mediaType).toBe("text/plain");
  expect((await attachments.take(join(folder, "core"))).mediaType).toBe("application/octet-stream");
});

test("folders, missing and huge files are refused in words", async () => {
  const folder = await temporaryFolder();
  const attachments = createAttachments(join(folder, "files"));
  const huge = join(folder, "huge.bin");
  await writeFile(huge, "");
  await truncate(huge, 21 * 1024 * 1024);
  await expect(attachments.take(folder)).rejects.toThrow(`${folder} is not a file.`);
  await expect(attachments.take(join(folder, "no"))).rejects.toThrow("There is no file");
  await expect(attachments.take(huge)).rejects.toThrow("huge.bin has 21 MB; at most 20 MB.");
});

test("a copy that has grown is not handed to a model", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "a.txt"), "abc");
  const attachments = createAttachments(join(folder, "files"));
  const record = await attachments.take(join(folder, "a.txt"));
  await appendFile(join(folder, "files", record.id), "d");
  expect(await readFile(join(folder, "files", record.id), "utf8")).toBe("abcd");
  await expect(attachments.attached(record).load(new AbortController().signal)).rejects.toThrow(
    "larger than it was",
  );
});

test.each([
  [950, "950 B"],
  [2048, "2 KB"],
  [1024 * 1024 * 1.25, "1.3 MB"],
])("%i bytes read %s", (bytes, words) => expect(formatBytes(bytes)).toBe(words));
