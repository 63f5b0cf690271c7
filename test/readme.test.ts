import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { localCommandNames } from "../adapters/terminal/local-commands.ts";
import { CLI_HELP, parseCli } from "../src/cli/parse-cli.ts";
import { COMMAND_NAMES } from "../src/commands/command-table.ts";
import { parseCommand } from "../src/commands/parse-command.ts";
import { settingRows } from "../src/settings.ts";
import { readTeam, type ReadTeamOptions } from "../src/teams/files/read-team.ts";
import {
  blocks,
  found,
  pathsIn,
  readDocument,
  scriptsIn,
  section,
} from "./support/read-document.ts";

const readme = readDocument("README.md");
const Manifest = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = Manifest.parse(JSON.parse(readDocument("package.json")));

const inline = (text: string) => found(text, /`([^`\n]+)`/g);

test("trying and testing it is one command line each, and the gate runs the latter", () => {
  expect(blocks(section(readme, "Try it"), "sh")).toEqual(["npm ci && npm start\n"]);
  expect(blocks(section(readme, "Test it"), "sh")).toEqual(["npm ci && npm test\n"]);
  expect(readDocument(".ci/run")).toContain("'npm ci && npm test'");
  expect(readDocument(".ci/run")).toContain("npm run test:all");
});

test("every npm script that it names exists", () => {
  expect(scriptsIn(readme).filter((name) => !(name in scripts))).toEqual([]);
});

test("every file and folder that it names is there", () => {
  const links = found(readme, /\]\(([\w./-]+)\)/g);
  const missing = [...links, ...pathsIn(readme)].filter((path) => !existsSync(path));
  expect(links).toContain("CONTRIBUTING.md");
  expect(missing).toEqual([]);
});

test("every team that it names comes along", () => {
  const teams = found(section(readme, "Teams"), /`(\w[\w-]*)` \(/g);
  expect(teams).toContain("council");
  expect(teams.filter((name) => !existsSync(`configs/${name}.yaml`))).toEqual([]);
});

test("its table of settings says what the settings are", () => {
  const rows = found(section(readme, "Settings"), /^(\| `.*\|)$/gm);
  const squeezed = rows.map((row) => row.replaceAll(/ +/g, " "));
  expect(squeezed).toEqual(
    settingRows().map(
      ({ name, fallback, description }) =>
        `| \`${name}\` | ${fallback && `\`${fallback}\` `}| ${description} |`,
    ),
  );
});

test("every command line in it is understood", () => {
  const lines = found(readme, /npm start(?: --silent)? -- ([^|>#`\n]+)/g);
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) parseCli(line.trim().split(" "));
});

test("every option that it explains is one of the command line's or of a command's", () => {
  const ofCommands = ["--channel", "--space"];
  const ofDocker = ["--env-file", "--read-only"];
  const known = [...found(CLI_HELP, /(--[a-z]+)/g), ...ofCommands, ...ofDocker];
  const shown = inline(readme).filter((text) => text.startsWith("--"));
  expect(shown).toContain("--once");
  expect(shown.filter((option) => !known.includes(option))).toEqual([]);
});

test("its list of commands has them all, and each is written as it is understood", () => {
  const list = section(readme, "Commands")
    .split("\n")
    .filter((line) => line.startsWith("- "));
  const named = inline(list.join("\n")).map((text) => parseCommand(text).name);
  expect(named).not.toContain("problem");
  expect(COMMAND_NAMES.filter((name) => !named.includes(name))).toEqual([]);
});

test("every command with a slash is the terminal's own or a shared one", () => {
  const own = localCommandNames();
  // Slack and Discord have slash commands of their own.
  const terminal = ["Slack", "Discord"].reduce(
    (text, name) => text.replace(section(readme, name), ""),
    readme,
  );
  const shown = found(terminal, /`\/([a-z][^`]*)`/g).filter((text) => text !== "data");
  expect(shown).toContain("team use review");
  const foreign = shown.filter((text) => !own.includes(text));
  expect(foreign.filter((text) => parseCommand(text).name === "problem")).toEqual([]);
});

test("the team file in it is a good one", () => {
  const [text = ""] = blocks(readme, "yaml");
  const source = { name: "review", file: "README.md", text };
  const env = { ANTHROPIC_API_KEY: "key" };
  const priceKnown: ReadTeamOptions["priceKnown"] = ({ type, price }) =>
    type === "anthropic" || price !== undefined;
  const { team, problems } = readTeam(source, { env, priceKnown });
  expect(problems).toEqual([]);
  expect(team?.agents.map(({ id }) => id)).toEqual(["writer", "critic"]);
});

test("the image is made of what is there", () => {
  const dockerfile = readDocument("Dockerfile");
  const copied = found(dockerfile, /^COPY (.+) \S+$/gm).flatMap((names) => names.split(" "));
  const ignored = readDocument(".dockerignore");
  expect(copied.filter((path) => !existsSync(path))).toEqual([]);
  expect(copied.filter((path) => !ignored.includes(`!${path}\n`))).toEqual([]);
  const [command = ""] = found(dockerfile, /^CMD (.*)$/gm);
  expect(z.array(z.string()).parse(JSON.parse(command)).join(" ")).toBe(scripts["start"]);
});
