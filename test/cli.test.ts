import { expect, test } from "vitest";
import { CLI_HELP, parseCli } from "../src/cli.ts";

const parse = (line: string) => parseCli(line.split(" ").filter((word) => word !== ""));

const START = {
  name: "start",
  platforms: [],
  team: undefined,
  once: false,
  json: false,
  thread: undefined,
  continueLatest: false,
};

test.each([
  ["", {}],
  ["start", {}],
  ["chat", { platforms: ["terminal"] }],
  ["--platform slack --platform discord", { platforms: ["slack", "discord"] }],
  ["start --team council", { team: "council" }],
  ["--team=council", { team: "council" }],
  ["--json", { json: true }],
  ["--once --json", { platforms: ["terminal"], once: true, json: true }],
  ["chat --thread plans", { platforms: ["terminal"], thread: "plans" }],
  ["chat --continue", { platforms: ["terminal"], continueLatest: true }],
])("`parley %s` starts to answer", (line, differs) => {
  expect(parse(line)).toEqual({ ...START, ...differs });
});

test.each([
  ["help", { name: "help" }],
  ["--help", { name: "help" }],
  ["chat -h", { name: "help" }],
  ["version", { name: "version" }],
  ["-v", { name: "version" }],
  ["schema", { name: "schema" }],
  ["teams validate", { name: "validate" }],
  ["teams import old.yaml", { name: "import", file: "old.yaml" }],
])("`parley %s` does one thing and leaves", (line, command) => {
  expect(parse(line)).toEqual(command);
});

test.each([
  ["strat", "There is no command “strat”. Did you mean start?"],
  ["serve-web", "There is no command “serve-web”. `parley help`"],
  ["teams valdiate", "There is no command “teams valdiate”. Did you mean teams validate?"],
  ["teams", "Write: parley teams validate, or parley teams import FILE"],
  ["teams import", "Which file? Write: parley teams import FILE"],
  ["chat council", "chat takes no “council”."],
  ["--josn", "Unknown option '--josn'. Did you mean --json?"],
  ["--taem=council", "Did you mean --team?"],
  ["-x", "Unknown option '-x'. `parley help`"],
  ["--team", "Option '--team <value>' argument missing."],
])("`parley %s` says what to write instead", (line, message) => {
  expect(() => parse(line)).toThrow(message);
});

const found = (pattern: RegExp): readonly string[] =>
  [...CLI_HELP.matchAll(pattern)].map(([, first = ""]) => first);

test("every option in the help text is understood", () => {
  const shown = found(/^ {2}--(\w+)/gm);
  const values = new Set(found(/^ {2}--(\w+) [A-Z]/gm));
  for (const flag of shown) parse(values.has(flag) ? `--${flag} x` : `--${flag}`);
  expect(shown.toSorted()).toEqual(["continue", "json", "once", "platform", "team", "thread"]);
});

test("every command in the help text is understood", () => {
  const usages = found(/parley ([a-z][a-z ]*?)(?= FILE|\s\[|\s{2}|\s\||$)/gm);
  expect(usages).toEqual(["chat", "teams validate", "teams import", "schema", "version"]);
  for (const usage of usages) parse(usage === "teams import" ? `${usage} FILE` : usage);
});
