import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { CLI_HELP } from "../src/cli.ts";
import { COMMAND_NAMES } from "../src/commands/command-table.ts";
import { parseCommand } from "../src/commands/parse-command.ts";
import { settingRows } from "../src/settings.ts";
import { readTeam } from "../src/teams/read-team.ts";

const readme = readFileSync("README.md", "utf8");
const contributing = readFileSync("CONTRIBUTING.md", "utf8");
const manifest = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));

const found = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, first = ""]) => first)),
];

/** Tables are padded by the formatter. */
const squeeze = (text: string): string => text.replaceAll(/ +/g, " ");

test("every npm script that the documents name exists", () => {
  const named = [...found(readme + contributing, /npm run ([\w:]+)/g), "start", "test"];
  expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test("the gate runs the README's own test command", () => {
  expect(readme).toContain("npm ci && npm test");
  expect(readFileSync(".ci/run", "utf8")).toContain("npm ci && npm test");
});

test("the settings table says what the settings are", () => {
  const rows = settingRows().map(
    ({ name, fallback, description }) =>
      `| \`${name}\` | ${fallback && `\`${fallback}\``} | ${description} |`,
  );
  const table = squeeze(readme);
  expect(rows.map(squeeze).filter((row) => !table.includes(row))).toEqual([]);
});

test("every file and folder that the documents name is there", () => {
  const named = found(
    readme + contributing,
    /`((?:src|configs|test|adapters|bench)(?:\/[\w.-]+)*)`/g,
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test("every option that the README shows is one of the command line's", () => {
  const options = found(readme, /(?<=\s|`)(--[a-z]+)(?=[\s`])/g);
  const ofNpm = ["--silent"];
  const known = (option: string) => CLI_HELP.includes(option) || ofNpm.includes(option);
  expect(options.filter((option) => !known(option))).toEqual([]);
});

test("every command that the README shows is understood", () => {
  const terminal = ["new", "threads", "open", "attach"];
  const shown = found(readme, /`\/([a-z][^`]*)`/g).filter((text) => !terminal.includes(text));
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.filter((text) => parseCommand(text).name === "problem")).toEqual([]);
  expect(COMMAND_NAMES).toContain("help");
});

test("the team file in the README is a good one", () => {
  const text = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const source = { name: "readme", file: "README.md", text };
  const { team, problems } = readTeam(source, {
    env: { ANTHROPIC_API_KEY: "key" },
    priceKnown: () => true,
  });
  expect(problems).toEqual([]);
  expect(team?.agents.map(({ id }) => id)).toEqual(["writer", "critic"]);
});
