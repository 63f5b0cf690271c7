import { expect, test } from "vitest";
import { CLI_HELP, COMMANDS, OPTIONS, parseCli } from "../../src/cli/parse-cli.ts";

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
  ["slack-manifest", { name: "slack-manifest" }],
  ["teams validate", { name: "validate" }],
  ["backup", { name: "backup", file: undefined }],
  ["backup copy.db", { name: "backup", file: "copy.db" }],
  ["migrate", { name: "migrate", from: undefined, to: undefined }],
  [
    "migrate --from data/parley.db --to postgres://db/parley",
    { name: "migrate", from: "data/parley.db", to: "postgres://db/parley" },
  ],
  ["teams import old.yaml", { name: "import", file: "old.yaml" }],
  ["teams push mine", { name: "team-files", does: { name: "push", path: "mine" } }],
  ["teams pull mine", { name: "team-files", does: { name: "pull", dir: "mine" } }],
  [
    "teams history duo 2",
    { name: "team-files", does: { name: "history", team: "duo", version: "2" } },
  ],
  ["teams remove duo", { name: "team-files", does: { name: "remove", team: "duo" } }],
])("`parley %s` does one thing and leaves", (line, command) => {
  expect(parse(line)).toEqual(command);
});

test.each([
  ["strat", "There is no command “strat”. Did you mean start?"],
  ["serve-web", "There is no command “serve-web”. `parley help`"],
  ["teams valdiate", "There is no command “teams valdiate”. Did you mean teams validate?"],
  ["backup a.db b.db", "backup does not accept “a.db b.db”."],
  ["teams", "Usage: parley teams validate | teams import FILE | teams push PATH"],
  ["teams import", "Usage: parley teams import FILE"],
  ["teams history", "Usage: parley teams history TEAM [VERSION]"],
  ["chat council", "chat does not accept “council”."],
  ["--josn", "Unknown option '--josn'. Did you mean --json?"],
  ["--taem=council", "Did you mean --team?"],
  ["-x", "Unknown option '-x'. `parley help`"],
  ["--team", "Option '--team <value>' argument missing."],
])("`parley %s` says what to write instead", (line, message) => {
  expect(() => parse(line)).toThrow(message);
});

const found = (pattern: RegExp): readonly string[] =>
  [...CLI_HELP.matchAll(pattern)].map(([, first = ""]) => first);

test("the help text has every option, and each is understood as it stands there", () => {
  const shown = found(/^ {2}(--\w+(?: [A-Z]+)?) {2,}/gm);
  for (const option of shown) parse(option.replace(/[A-Z]+$/, "x"));
  const names = shown.map((option) => option.split(" ")[0]?.slice(2));
  // These two are shown as commands.
  expect(new Set([...names, "help", "version"])).toEqual(new Set(Object.keys(OPTIONS)));
});

test("the help text has every command, and each is understood as it stands there", () => {
  const shown = found(/parley ([a-z][a-z-]*(?: [a-z]+)?(?: (?:FILE|PATH|DIR|TEAM))?)/g);
  for (const command of shown) parse(command);
  const names = shown.map((command) => command.split(" ")[0]);
  expect(new Set([...names, "start", "help"])).toEqual(new Set(COMMANDS));
});
