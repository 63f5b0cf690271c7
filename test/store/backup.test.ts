import { spawn } from "node:child_process";
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { TurnId } from "../../src/ids.ts";
import { backUpStore } from "../../src/store/sqlite/backup.ts";
import { openStore } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const open = (dir: string) => openStore({ dir, pid: process.pid, now: Date.now });
const writer = join(import.meta.dirname, "killed-writer.ts");

/** A process that journals as fast as it can; resolves once it has stored so many entries. */
async function busyParley(dir: string, entries: number): Promise<void> {
  const child = spawn(process.execPath, [writer, dir], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = new Promise((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  const stored = Promise.withResolvers<void>();
  child.stdout.on("data", (text: Buffer) => {
    if (Number(String(text).trim().split("\n").at(-1)) >= entries) stored.resolve();
  });
  await stored.promise;
}

test("while Parley writes, each backup is a consistent snapshot that a store can open", async () => {
  const dir = await temporaryFolder();
  await busyParley(dir, 20);
  const held: number[] = [];
  for (const name of ["one", "two", "three"]) {
    const file = join(dir, "backups", `${name}.db`);
    expect(await backUpStore(dir, file)).toMatchObject({ file, turns: 1, open: 1, messages: 0 });
    await mkdir(join(dir, name));
    await writeFile(join(dir, name, "parley.db"), await readFile(file));
    const store = await open(join(dir, name));
    const journal = await store.journal.read(TurnId.parse("t"));
    expect(journal).toEqual(journal.map((_, at) => ({ type: "time_passed", at })));
    held.push(journal.length);
    await store.close();
  }
  expect(held[0]).toBeGreaterThanOrEqual(20);
  expect(held).toEqual(held.toSorted((a, b) => a - b));
});

test("a backup is one file that only its owner can read", async () => {
  const dir = await temporaryFolder();
  await (await open(dir)).close();
  const { bytes } = await backUpStore(dir, join(dir, "backups", "one.db"));
  expect(await readdir(join(dir, "backups"))).toEqual(["one.db"]);
  const { size, mode } = await stat(join(dir, "backups", "one.db"));
  expect([size, (mode & 0o777).toString(8)]).toEqual([bytes, "600"]);
});

test("a backup never overwrites a file, and removes the leftovers of a killed backup", async () => {
  const dir = await temporaryFolder();
  await (await open(dir)).close();
  const file = join(dir, "one.db");
  await writeFile(`${file}.part`, "half of it");
  await backUpStore(dir, file);
  const before = await readFile(file);
  await expect(backUpStore(dir, file)).rejects.toThrow(
    `${file} already exists. Name another file, or remove it.`,
  );
  expect(await readFile(file)).toEqual(before);
});

test("a backup without a source or a target fails with the reason and leaves no file", async () => {
  const dir = await temporaryFolder();
  await expect(backUpStore(dir, join(dir, "one.db"))).rejects.toThrow(
    `There is no database ${join(dir, "parley.db")}. Is PARLEY_DATA right?`,
  );
  await (await open(dir)).close();
  await writeFile(join(dir, "file"), "");
  const inFile = join(dir, "file", "one.db");
  await expect(backUpStore(dir, inFile)).rejects.toThrow(
    /one\.db\.part cannot be written \(ENOTDIR/,
  );
});

test("a damaged database is detected before the backup appears", async () => {
  const dir = await temporaryFolder();
  const store = await open(dir);
  await store.tx(async ({ claims }) => {
    for (let i = 0; i < 2_000; i++) await claims.take(`a claim that takes some room ${i}`);
  });
  await store.close();
  const path = join(dir, "parley.db");
  const bytes = await readFile(path);
  // Somewhere in the middle, where entries stand.
  bytes.fill(0x2a, bytes.length / 2, bytes.length / 2 + 4096);
  await writeFile(path, bytes);
  const file = join(dir, "backups", "one.db");
  await expect(backUpStore(dir, file)).rejects.toThrow(/is damaged|is not a database/);
  expect(await readdir(join(dir, "backups"))).toEqual([]);
});
