import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { localCommands } from "../adapters/terminal/commands/local-commands.ts";
import { referencePages } from "../release/reference.ts";
import { CLI_HELP, parseCli } from "../src/cli/parse-cli.ts";
import { parseCommand } from "../src/commands/parse/parse-command.ts";
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
const teams = readDocument("docs/how-to/teams.md");
/** What users read first, from nothing to a team of their own. */
const GUIDES = [
  "README.md",
  "docs/quick-start-terminal.md",
  "docs/quick-start-slack.md",
  "docs/quick-start-discord.md",
  "docs/how-to/teams.md",
];
const PAGES = [
  ...GUIDES,
  ...Object.keys(referencePages()),
  "CHANGELOG.md",
  "SECURITY.md",
  "CONTRIBUTING.md",
  "docs/how-to/discord.md",
  "docs/how-to/limits.md",
  "docs/operations.md",
  "docs/how-to/slack.md",
];
const Manifest = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = Manifest.parse(JSON.parse(readDocument("package.json")));

const inline = (text: string) => found(text, /`([^`\n]+)`/g);

test("trying and testing it is one command line each, and the gate runs the latter", () => {
  expect(blocks(section(readme, "Try it"), "sh")[0]).toBe("npm ci && npm start\n");
  expect(blocks(section(readme, "Test it"), "sh")).toEqual(["npm ci && npm test\n"]);
  expect(readDocument(".ci/run")).toContain("'npm ci && npm test'");
  for (const part of found(scripts["test:all"] ?? "", /(npm run [\w:]+)/g)) {
    expect(readDocument(".ci/run")).toContain(`add ${part}\n`);
  }
});

test("the README fits two screens", () => {
  expect(readme.split("\n").length).toBeLessThanOrEqual(100);
});

test.each(PAGES)("every script, file and folder that %s names exists", (page) => {
  const text = readDocument(page);
  expect(scriptsIn(text).filter((name) => !(name in scripts))).toEqual([]);
  expect(pathsIn(text).filter((path) => !existsSync(path))).toEqual([]);
});

/** A heading as GitHub makes an anchor of it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

test.each(PAGES)("every link and picture of %s leads somewhere", (page) => {
  const links = found(readDocument(page), /\]\(((?!https?:)[^)\s]+)\)/g);
  const broken = links.filter((link) => {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? page : join(dirname(page), path);
    if (!existsSync(target)) return true;
    const headings = found(readDocument(target), /^#{1,4} (.+)$/gm).map(anchorOf);
    return anchor !== undefined && !headings.includes(anchor);
  });
  expect(broken).toEqual([]);
});

test("every page can be reached from the README", () => {
  const reached = new Set(["README.md"]);
  for (const page of reached) {
    const links = found(readDocument(page), /\]\(([\w./-]+\.md)/g);
    for (const link of links) reached.add(join(dirname(page), link));
  }
  expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
});

test("every team that the guide names comes along", () => {
  const named = found(section(teams, "Choose a team"), /`(\w[\w-]*)`\s\(/g);
  expect(named).toContain("council");
  expect(named.filter((name) => !existsSync(`configs/${name}.yaml`))).toEqual([]);
});

/** A Markdown page without the padding of its tables. */
const squeezed = (text: string): string =>
  text
    .replaceAll(/ +\|/g, " |")
    .replaceAll(/\| +/g, "| ")
    .replaceAll(/-{3,}/g, "---")
    .replaceAll(/\\(.)/g, "$1")
    .trim();

test.each(Object.entries(referencePages()))(
  "%s is current: `npm run docs` would change nothing",
  (page, text) => {
    expect(squeezed(readDocument(page))).toBe(squeezed(text));
  },
);

test("every command line in the guides is understood", () => {
  const lines = GUIDES.flatMap((page) =>
    found(readDocument(page), /npm start(?: --silent)? -- ([^|>#`\n]+)/g),
  );
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) parseCli(line.trim().split(" "));
});

test("every option that the guides explain is one of the command line's or of a command's", () => {
  const ofDocker = ["--env-file", "--read-only"];
  const known = [...found(CLI_HELP, /(--[a-z]+)/g), ...ofDocker];
  const shown = GUIDES.flatMap((page) => inline(readDocument(page))).filter((text) =>
    text.startsWith("--"),
  );
  expect(shown).toContain("--once");
  expect(shown.filter((option) => !known.includes(option))).toEqual([]);
});

test("every chat command in the guides is written as Parley understands it", () => {
  const own = localCommands().map(({ name }) => name);
  const slashed = GUIDES.flatMap((page) => found(readDocument(page), /`\/([a-z][^`]*)`/g));
  const plain = found(teams, /`((?:ask|team|agents|retry) [^`]+)`/g);
  const shown = [...slashed, ...plain].filter((text) => text !== "data");
  const foreign = shown.filter((text) => !own.includes(text.split(" ")[0] ?? ""));
  expect(foreign).toContain("team use council");
  const notParley = (text: string) => parseCommand(text).name === "problem";
  expect(foreign.filter((text) => !text.startsWith("invite ") && notParley(text))).toEqual([]);
});

test("the list of commands has those of the terminal too", () => {
  const page = readDocument("docs/reference/commands.md");
  const shown = found(page, /`\/(\w+)/g);
  const own = localCommands()
    .map(({ name }) => name)
    .filter((name) => name !== "exit");
  expect(own.filter((name) => name !== "help" && !shown.includes(name))).toEqual([]);
});

test("the team file in the guide is a good one", () => {
  const [text = ""] = blocks(teams, "yaml");
  const source = { name: "review", file: "teams.md", text };
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
