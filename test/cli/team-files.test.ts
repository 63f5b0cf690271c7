import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TeamFilesCommand } from "../../src/cli/parse-cli.ts";
import { loadSettings } from "../../src/settings.ts";
import { runTeamFiles } from "../../src/cli/team-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ALL_KEYS, DUO } from "../teams/files/read.ts";

async function rig() {
  const home = await temporaryFolder();
  const env = { ...ALL_KEYS, PARLEY_DATA: join(home, "data"), USER: "ada" };
  const on = { ...loadSettings(env, () => ""), pid: 1 };
  const mine = join(home, "mine");
  await mkdir(mine);
  return {
    home,
    mine,
    write: (name: string, text: string) => writeFile(join(mine, name), text),
    /** What the command prints. */
    run: async (does: TeamFilesCommand) => {
      const { lines, code } = await runTeamFiles(does, on);
      const text = lines
        .join("\n")
        .replaceAll(home, "")
        .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "(time)");
      return code === 0 ? text : `${text}\n(exit ${code})`;
    },
  };
}

test("a folder of team files goes into the database, changed ones as a new version", async () => {
  const { run, write, mine } = await rig();
  await write("Duo.yaml", DUO);
  await write("other.yaml", DUO);
  expect(await run({ name: "push", path: mine })).toBe(
    "duo: pushed, version 1\nother: pushed, version 1",
  );
  await write("Duo.yaml", `${DUO}# new\n`);
  expect(await run({ name: "push", path: mine })).toBe(
    "duo: pushed, version 2\nother: unchanged, version 1",
  );
  expect(await run({ name: "push", path: join(mine, "other.yaml") })).toBe(
    "other: unchanged, version 1",
  );
  expect(await run({ name: "history", team: "Duo", version: undefined })).toBe(
    "2  (time)  cli:ada\n1  (time)  cli:ada",
  );
  expect(`${await run({ name: "history", team: "duo", version: "1" })}\n`).toBe(DUO);
});

test("with one broken file nothing is pushed, and it is said where it is broken", async () => {
  const { run, write, mine } = await rig();
  await write("duo.yaml", DUO);
  await write("bad.yaml", "agents:\n  - id: ann\n    backend: { typ: openai }\n");
  expect(await run({ name: "push", path: mine })).toMatch(
    /^\/mine\/bad\.yaml:3:\d+: agents\[0\]\.backend[^]*nothing was pushed\n\(exit 1\)$/,
  );
  await expect(run({ name: "history", team: "duo", version: undefined })).rejects.toThrow(
    "The team “duo” was never pushed.",
  );
});

test("what is pushed can be written into a folder, over nothing that is different", async () => {
  const { run, write, mine, home } = await rig();
  await write("duo.yaml", DUO);
  await write("other.yaml", DUO);
  await run({ name: "push", path: mine });
  await write("duo.yaml", "mine alone");
  expect(await run({ name: "pull", dir: mine })).toBe(
    "/mine/duo.yaml: a different file exists and was not changed; the database has version 1\n/mine/other.yaml: version 1",
  );
  await run({ name: "pull", dir: join(home, "new") });
  expect(await readFile(join(home, "new/duo.yaml"), "utf8")).toBe(DUO);
});

test("a team is taken out of the database, and its history stays", async () => {
  const { run, write, mine } = await rig();
  await write("duo.yaml", DUO);
  await run({ name: "push", path: mine });
  expect(await run({ name: "remove", team: "duo" })).toBe("duo: removed");
  expect(await run({ name: "history", team: "duo", version: undefined })).toBe(
    "2  (time)  cli:ada  removed\n1  (time)  cli:ada",
  );
  expect(await run({ name: "pull", dir: mine })).toBe("There are no team files in the database.");
  await expect(run({ name: "remove", team: "duo" })).rejects.toThrow(
    "There is no team “duo” in the database.",
  );
});

test("a path without team files is named", async () => {
  const { run, mine } = await rig();
  await expect(run({ name: "push", path: mine })).rejects.toThrow(/no team file .* at .*mine/);
  const missing = await run({ name: "push", path: join(mine, "x.yaml") });
  expect(missing).toMatch(/x\.yaml.*cannot be read \(ENOENT\)[^]*nothing was pushed/);
});
