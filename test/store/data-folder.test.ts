import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const open = (dir: string, pid = 4711) => openStore({ dir, pid, now: () => 0 });

test("stored data survives a restart", async () => {
  const dir = await temporaryFolder();
  const first = await open(dir);
  await first.claims.take("event");
  await first.close();
  const second = await open(dir);
  expect(await second.claims.take("event")).toBe(false);
  await second.close();
});

test("a second process is refused; the error names the holder and what to do", async () => {
  const dir = await temporaryFolder();
  const first = await open(dir);
  await expect(open(dir, 4712)).rejects.toThrow(
    `Another Parley (process 4711) is using the data folder ${dir}. Stop it, or give this one its own folder with PARLEY_DATA. To answer the same conversations from several processes, move to PostgreSQL: parley migrate --from ${join(dir, "parley.db")} --to URL, then start each with DATABASE_URL=URL.`,
  );
  await first.close();
  expect(existsSync(join(dir, "parley.pid"))).toBe(false);
  await (await open(dir, 4712)).close();
});

test("a store that cannot be opened releases its folder", async () => {
  const dir = await temporaryFolder();
  writeFileSync(join(dir, "parley.db"), "not a database ".repeat(100));
  for (const _ of [1, 2]) await expect(open(dir)).rejects.toThrow("is not a database");
});

test("the error names a folder that cannot be created", async () => {
  const dir = await temporaryFolder();
  writeFileSync(join(dir, "file"), "");
  const below = join(dir, "file", "data");
  await expect(open(below)).rejects.toThrow(`The data folder ${below} cannot be made or opened (`);
});

test("a database that a newer version wrote is left alone", async () => {
  const dir = await temporaryFolder();
  const store = await open(dir);
  await store.db.q("INSERT INTO migrations (version, name, at) VALUES (999, 'future', 0)");
  await store.close();
  await expect(open(dir)).rejects.toThrow("it was written by a newer one. Upgrade Parley");
});

test("migrations are applied once", async () => {
  const dir = await temporaryFolder();
  const applied = "SELECT version, at FROM migrations ORDER BY version";
  const first = await open(dir);
  const before = await first.db.q(applied);
  await first.close();
  const second = await open(dir);
  expect(await second.db.q(applied)).toEqual(before);
  expect(new Set(before.map(({ version }) => version)).size).toBe(before.length);
  await second.close();
});
