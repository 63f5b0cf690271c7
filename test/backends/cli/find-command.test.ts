import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { environmentOf } from "../../../src/backends/cli/environment.ts";
import { findCommand } from "../../../src/backends/cli/find-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function program(folder: string, name: string, mode = 0o755): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, "#!/bin/sh\n");
  await chmod(file, mode);
  return file;
}

test("A program is found in the first folder of PATH that has one which may be run", async () => {
  const [one, two] = [await temporaryFolder(), await temporaryFolder()];
  await program(one, "claude", 0o644);
  await mkdir(join(one, "codex"));
  const [claude, codex] = [await program(two, "claude"), await program(two, "codex")];
  const path = ["relative", one, two].join(delimiter);
  expect((await findCommand("claude", path))?.file).toBe(claude);
  expect((await findCommand("codex", path))?.file).toBe(codex);
});

test("A name with a slash is a place, and PATH is not searched", async () => {
  const folder = await temporaryFolder();
  const file = await program(folder, "my agent");
  expect((await findCommand(file, ""))?.file).toBe(file);
  expect(await findCommand("/nowhere/claude", folder)).toBeNull();
});

test("A program that is nowhere is null", async () => {
  expect(await findCommand("claude", "")).toBeNull();
  expect(await findCommand("claude", await temporaryFolder())).toBeNull();
});

test("An update behind a link is another version", async () => {
  const folder = await temporaryFolder();
  const file = await program(folder, "claude-1");
  await symlink(file, join(folder, "claude"));
  const before = await findCommand("claude", folder);
  expect(await findCommand("claude", folder)).toEqual(before);
  await utimes(file, new Date(0), new Date(0));
  expect((await findCommand("claude", folder))?.version).not.toBe(before?.version);
});

test("The environment of a CLI holds no secret of Parley's, but its own variables and the way to the network", () => {
  const parley = {
    PATH: "/usr/bin",
    HOME: "/home/ada",
    SLACK_BOT_TOKEN: "xoxb-1",
    OPENAI_API_KEY: "sk-1",
    DATABASE_URL: "postgres://ada:secret@db/parley",
    NODE_OPTIONS: "--require /evil.js",
    https_proxy: "http://proxy:3128",
    LANG: "",
  };
  const own = { ANTHROPIC_API_KEY: "sk-ant-1", ANTHROPIC_BASE_URL: undefined };
  expect(environmentOf(parley, "/data/agents/a/home", own)).toEqual({
    PATH: "/usr/bin",
    https_proxy: "http://proxy:3128",
    HOME: "/data/agents/a/home",
    TMPDIR: "/data/agents/a/home",
    NO_COLOR: "1",
    ANTHROPIC_API_KEY: "sk-ant-1",
  });
});
