import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createPrivateFolders } from "../../../src/backends/cli/private-folders.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** No process has it: Linux and macOS number below. */
const GONE = 99_999_999;
const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
const of = (dataFolder: string, pid = process.pid, host = "here") =>
  createPrivateFolders({ dataFolder, pid, wallClock: Date.now, host });

test("A folder of a CLI may be read by its user alone, at every level", async () => {
  const data = await temporaryFolder();
  const folder = await of(data).create();
  const [own = ""] = await readdir(join(data, "agents"));
  expect(await mode(join(data, "agents"))).toBe("700");
  expect(await mode(join(data, "agents", own))).toBe("700");
  expect(await mode(folder)).toBe("700");
});

test("Each CLI has a folder of its own, which is wiped when it is done", async () => {
  const folders = of(await temporaryFolder());
  const [one, two] = [await folders.create(), await folders.create()];
  await writeFile(join(one, "transcript"), "what people said");
  await folders.wipe(one);
  await expect(stat(one)).rejects.toThrow("ENOENT");
  expect(await readdir(two)).toEqual([]);
});

test("A start wipes what a process left that died, and spares those that live", async () => {
  const data = await temporaryFolder();
  const left = await of(data, GONE).create();
  const living = await of(data, process.ppid).create();
  const fresh = of(data);
  const own = await fresh.create();
  await fresh.wipeLeft();
  await expect(stat(left)).rejects.toThrow("ENOENT");
  expect(await readdir(join(data, "agents"))).toHaveLength(2);
  await Promise.all([stat(living), stat(own)]);
});

test("A container that starts again with the same process number wipes what its former life left", async () => {
  const data = await temporaryFolder();
  const left = await of(data).create();
  await of(data).wipeLeft();
  await expect(stat(left)).rejects.toThrow("ENOENT");
});

test("Folders of another machine are spared for a day", async () => {
  const data = await temporaryFolder();
  await of(data, GONE, "there").create();
  await of(data, GONE, "elsewhere").create();
  const names = await readdir(join(data, "agents"));
  const old = names.find((name) => name.startsWith("elsewhere")) ?? "";
  await utimes(join(data, "agents", old), new Date(0), new Date(0));
  await of(data).wipeLeft();
  expect(await readdir(join(data, "agents"))).toEqual([expect.stringMatching(/^there\./)]);
});

test("An end wipes all folders of the process", async () => {
  const data = await temporaryFolder();
  const folders = of(data);
  await mkdir(join(await folders.create(), "deep"));
  await folders.close();
  expect(await readdir(join(data, "agents"))).toEqual([]);
});
