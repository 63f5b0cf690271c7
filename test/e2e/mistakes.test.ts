import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lockDataFolder } from "../../src/store/sqlite/data-lock.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { openHouse } from "./house.ts";
import { startParley } from "./parley-process.ts";
import { writeTeam } from "./team-files.ts";

/** What a person reads who starts Parley like that, and the exit code. */
async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const data = join(await temporaryFolder(), "data");
  const parley = startParley({ args, env: { PARLEY_DATA: data, ...env }, input: "Hello?" });
  const code = await parley.exited;
  return { code, said: parley.errors(), output: parley.output() };
}

describe("a mistake on the command line or in the environment is said in one line, with the way out", () => {
  test.each([
    [
      ["--onec"],
      "Unknown option '--onec'. Did you mean --once? `npm start -- help` lists the commands.",
    ],
    [
      ["strat"],
      "Did you mean the command start, not “strat”? `npm start -- help` lists the commands. To ask it as a question: npm start -- -p strat",
    ],
    [
      ["--once", "--thread"],
      "Option '--thread <value>' argument missing. `npm start -- help` lists the commands.",
    ],
  ])("%j", async (args, text) => {
    expect(await start(args)).toEqual({ code: 2, said: `parley: ${text}\n`, output: "" });
  });

  test("a platform that there is not", async () => {
    const { code, said } = await start(["--platform", "terminl"]);
    expect(code).toBe(2);
    expect(said).toMatch(
      /^parley: There is no platform “terminl”; there is .*terminal.* Did you mean terminal\?\n$/,
    );
  });

  test("a team that there is not", async () => {
    const { code, said } = await start(["--once", "--team", "counsil"]);
    expect(code).toBe(2);
    expect(said).toMatch(
      /^parley: .*“counsil”, but there is no file counsil\.yaml .*Did you mean council\?\n$/,
    );
  });

  test("settings, all of them at once and never their secret values", async () => {
    const env = { LOG_LEVEL: "debgu", OPENAI_BASE_URL: "nowhere", OPENAI_API_KEY: "sk-secret-1" };
    const { code, said } = await start(["--once"], env);
    expect(code).toBe(2);
    expect(said).toContain('not "debgu"; did you mean debug?');
    expect(said).toContain("OPENAI_BASE_URL must be a URL");
    expect(said).not.toContain("sk-secret-1");
  });

  test("a data folder that cannot be made", async () => {
    const file = join(await temporaryFolder(), "file");
    await writeFile(file, "");
    const { code, said } = await start(["--once"], { PARLEY_DATA: join(file, "data") });
    expect(code).toBe(2);
    expect(said).toBe(
      `parley: The data folder ${file}/data cannot be made or opened (ENOTDIR: not a directory). Give Parley one it may write, with PARLEY_DATA.\n`,
    );
  });
});

test.each([
  ["is broken", "agents: auto\nmode: all\n", /own\.yaml:2:7: mode must be team, solo or auto/],
  ["lacks its keys", "agents: auto\n", /own\.yaml:1:9: agents: auto found no API key: set OPENAI/],
])("a team named by --team that %s ends the start with its problem", async (_, text, problem) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "own.yaml"), text);
  const { code, said } = await start(["--once", "--team", "own"], { PARLEY_CONFIGS: folder });
  expect(code).toBe(2);
  expect(said).toContain("PARLEY_TEAM (or --team) names the team “own”, which cannot be used");
  expect(said).toMatch(problem);
});

test.each([
  [{ SLACK_APP_TOKEN: "xapp-1" }, "parley: SLACK_BOT_TOKEN is not set"],
  [{ SLACK_BOT_TOKEN: "" }, "parley: SLACK_BOT_TOKEN is set but empty"],
  [{ DISCORD_TOKEN: "your-bot-token" }, "parley: DISCORD_TOKEN is a placeholder"],
])("half a platform (%o) ends the start, never with a terminal", async (env, words) => {
  const { code, said } = await start([], env);
  expect(code).toBe(2);
  expect(said).toContain(words);
});

test.each(["council", "default"])(
  "the team %s without any key ends the start with the variables to set: no demo answers instead",
  async (team) => {
    const { code, said } = await start(["--once", "--team", team]);
    expect(code).toBe(2);
    expect(said).toContain(`names the team “${team}”, which cannot be used`);
    for (const name of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"]) {
      expect(said).toContain(name);
    }
    expect(said).not.toMatch(/simulated/i);
  },
);

test("several processes without a database for all of them end the start with what to set", async () => {
  const { code, said } = await start(["--once"], { PARLEY_PROCESSES: "3" });
  expect(code).toBe(2);
  expect(said).toContain("PARLEY_PROCESSES is 3");
  expect(said).toContain("set DATABASE_URL, or leave PARLEY_PROCESSES out");
});

test("a process that cannot join the one that has the data folder is told who has it", async () => {
  const house = await openHouse();
  const unlock = lockDataFolder(house.data, process.pid);
  const second = house.start({ args: ["--once"], input: "Hello?" });
  expect(await second.exited).toBe(2);
  unlock();
  expect(second.errors()).toMatch(
    new RegExp(
      `^parley: Another Parley uses this folder; waiting for it …\\nparley: Another Parley \\(process ${process.pid}\\) is using the data folder ${house.data}\\. Stop it, or give`,
    ),
  );
});

test("a broken team file is reported where it is broken, and the version before it goes on answering", async () => {
  const house = await openHouse();
  const parley = house.start({ args: ["--json"] });
  parley.write("The code word is heron. How do we begin?");
  await parley.until(() => expect(parley.of("turn_summary")).toHaveLength(1));
  const path = join(house.configs, "council.yaml");
  await writeFile(path, "name: Council\nagnets: []\n");
  await parley.until(() =>
    expect(parley.errors()).toContain(
      `parley: ${path}:2:1: unknown key "agnets"; did you mean "agents"?`,
    ),
  );
  expect(parley.errors()).toContain("The version before it stays in use.");
  parley.write("And then?");
  await parley.until(() => expect(parley.of("turn_summary")).toHaveLength(2));
  expect(parley.of("turn_summary")[1]).toMatchObject({ team: "council", presenter: "gemini" });
  await writeTeam(house.configs, house.panel.url, { agents: ["gpt", "claude"] });
  parley.write("/team reload");
  await parley.until(() => expect(parley.of("command_reply")).toHaveLength(1));
  parley.write("And now?");
  await parley.until(() => expect(parley.of("turn_summary")).toHaveLength(3));
  expect(parley.of("turn_summary")[2]).toMatchObject({ team: "council", presenter: "claude" });
});
