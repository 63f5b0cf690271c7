import {
  rmSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { closeDataFolder } from "../../src/store/private-folder.ts";
import { openStore } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const modeOf = (...path: readonly string[]) => (lstatSync(join(...path)).mode & 0o777).toString(8);

test("Files left readable by an earlier start are restricted, and other files stay unchanged", async () => {
  const dir = await temporaryFolder();
  mkdirSync(join(dir, "backups"));
  mkdirSync(join(dir, "terminal", "threads"), { recursive: true });
  const own = ["parley.db", "parley.db-wal", "parley.db-shm", "kv.db", "lock.db", "parley.log"];
  const files = [
    ...own,
    "parley.db.moved",
    "backups/a.db",
    "terminal/threads/t.jsonl",
    "notes.txt",
  ];
  for (const file of files) writeFileSync(join(dir, file), "", { mode: 0o644 });
  for (const file of files) chmodSync(join(dir, file), 0o644);
  const elsewhere = await temporaryFolder();
  writeFileSync(join(elsewhere, "file"), "");
  chmodSync(join(elsewhere, "file"), 0o644);
  symlinkSync(join(elsewhere, "file"), join(dir, "parley.pid"));
  closeDataFolder(dir);
  const open = files.filter((file) => modeOf(dir, file) !== "600");
  expect(open).toEqual(["notes.txt"]);
  expect(modeOf(elsewhere, "file")).toBe("644");
  expect([modeOf(dir, "backups"), modeOf(dir, "terminal/threads")]).toEqual(["700", "700"]);
});

test("A folder that others can open is warned about, with what to do", async () => {
  const dir = await temporaryFolder();
  chmodSync(dir, 0o700);
  expect(closeDataFolder(dir)).toBeNull();
  chmodSync(dir, 0o755);
  expect(closeDataFolder(dir)).toBe(
    `Other users of this machine can open the data folder ${dir} (mode 755). Its files are closed to them; to close the folder too: chmod 700 ${dir}`,
  );
  expect(closeDataFolder(join(dir, "missing"))).toBeNull();
});

test("parley.pid never follows a symbolic link, for writes or reads", async () => {
  const dir = await temporaryFolder();
  const target = join(await temporaryFolder(), "target");
  writeFileSync(target, "precious");
  symlinkSync(target, join(dir, "parley.pid"));
  const open = () => openStore({ dir, pid: 4711, now: () => 0 });
  const store = await open();
  expect(readFileSync(target, "utf8")).toBe("precious");
  expect(lstatSync(join(dir, "parley.pid")).isFile()).toBe(true);
  expect(modeOf(dir, "parley.pid")).toBe("600");
  rmSync(join(dir, "parley.pid"));
  symlinkSync(target, join(dir, "parley.pid"));
  await expect(open()).rejects.toThrow(/^Another Parley is using/);
  await store.close();
  expect(readFileSync(target, "utf8")).toBe("precious");
  expect(readdirSync(dir)).not.toContain("parley.pid");
});
