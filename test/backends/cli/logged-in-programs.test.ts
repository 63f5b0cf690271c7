import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { findLoggedInPrograms } from "../../../src/backends/cli/logged-in-programs.ts";
import type { Env } from "../../../src/backends/keys.ts";
import { PATIENCE } from "../../support/patience.ts";
import { useClaudeCode } from "../../support/claude-code.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const claude = useClaudeCode();
const find = (env: Env) => findLoggedInPrograms(env, PATIENCE.timeout);
const path = () => `${dirname(claude.fake())}:/usr/bin:/bin`;

test("Claude Code is found if it is installed and logged in", async () => {
  const env = { PATH: path(), HOME: await temporaryFolder(), CLAUDE_CODE_OAUTH_TOKEN: "good" };
  expect(await find(env)).toEqual([{ type: "claude-code", name: "Claude Code" }]);
  expect(await find({ ...env, PATH: "/usr/bin:/bin" })).toEqual([]);
  expect(await find({ ...env, CLAUDE_CODE_OAUTH_TOKEN: "bad" })).toEqual([]);
});

test("Claude Code is not even asked where nobody has used it", async () => {
  const home = await temporaryFolder();
  expect(await find({ PATH: path(), HOME: home })).toEqual([]);
  expect(await readdir(home)).toEqual([]);
});

test("Codex is found if it is installed and logged in, by a log-in that Parley can link", async () => {
  const home = await temporaryFolder();
  const env = { PATH: `${home}:/usr/bin:/bin`, HOME: home };
  await writeFile(
    join(home, "codex"),
    `#!/bin/sh\n[ "$*" = "login status" ] && grep -q good "$CODEX_HOME/auth.json" && echo "Logged in using ChatGPT" >&2`,
  );
  await chmod(join(home, "codex"), 0o755);
  expect(await find(env)).toEqual([]);
  await mkdir(join(home, ".codex"));
  await writeFile(join(home, ".codex", "auth.json"), "good");
  expect(await find(env)).toEqual([{ type: "codex", name: "Codex" }]);
  await writeFile(join(home, ".codex", "auth.json"), "bad");
  expect(await find(env)).toEqual([]);
});

test("a program that cannot be run is none", async () => {
  const env = { PATH: "/nowhere", HOME: "/nowhere", CLAUDE_CODE_OAUTH_TOKEN: "good" };
  expect(await find(env)).toEqual([]);
});
