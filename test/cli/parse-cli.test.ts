import { expect, test } from "vitest";
import { CLI_HELP, COMMANDS, OPTIONS, parseCli } from "../../src/cli/parse-cli.ts";
import { asTyped, programName } from "../../src/cli/program-name.ts";

const parse = (line: string) => parseCli(line.split(" ").filter((word) => word !== ""));

const START = {
  name: "start",
  platforms: [],
  team: undefined,
  question: undefined,
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
  ["chat which index?", { platforms: ["terminal"], question: "which index?" }],
])("`parley %s` starts to answer", (line, differs) => {
  expect(parse(line)).toEqual({ ...START, ...differs });
});

const ONCE = { ...START, platforms: ["terminal"], once: true };

test.each([
  [["Which index?"], "Which index?"],
  [["which", "index", "for", "ranges?"], "which index for ranges?"],
  [["-p", "Which index?"], "Which index?"],
  [["Which index?", "--print"], "Which index?"],
  [["chat", "-p", "Which index?"], "Which index?"],
  [["--once", "Which index?"], "Which index?"],
  [["-p", "help"], "help"],
  [["-p", "why"], "why"],
  [["help me choose an index"], "help me choose an index"],
  [["what's", "new?", "--team", "council"], "what's new?"],
  [["--", "-3 + 4?"], "-3 + 4?"],
  [["-p"], undefined],
])("%j is one question: %s", (args, question) => {
  const team = args.includes("council") ? "council" : undefined;
  expect(parseCli(args)).toEqual({ ...ONCE, question, team });
});

test.each([
  ["help", { name: "help" }],
  ["--help", { name: "help" }],
  ["chat -h", { name: "help" }],
  ["version", { name: "version" }],
  ["-v", { name: "version" }],
  ["schema", { name: "schema" }],
  ["stats models", { name: "stats" }],
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
  ["strat", "Did you mean the command start, not “strat”?"],
  ["strat", "To ask it as a question: parley -p strat"],
  ["help me with an index", 'To ask it as a question: parley -p "help me with an index"'],
  ["teams valdiate", "There is no command “teams valdiate”. Did you mean teams validate?"],
  ["backup a.db b.db", "backup does not accept “a.db b.db”."],
  ["teams", "Usage: parley teams validate | teams import FILE | teams push PATH"],
  ["teams import", "Usage: parley teams import FILE"],
  ["teams history", "Usage: parley teams history TEAM [VERSION]"],
  ["start council", "start does not accept “council”."],
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
  const shown = found(/^ {2}(?:-\w, )?(--\w+(?: [A-Z]+)?) {2,}/gm);
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

test("where there is no program `parley`, texts say what to type instead", () => {
  expect(programName("/usr/lib/node_modules/parley/dist/src/main.js")).toBe("parley");
  const program = programName("/home/ada/parley/src/main.ts");
  const text = "`parley help` lists the commands. parley -p x; parley.db; @parley help; parley is";
  expect(asTyped(text, program)).toBe(
    "`npm start -- help` lists the commands. npm start -- -p x; parley.db; @parley help; parley is",
  );
  expect(asTyped(CLI_HELP, program)).not.toContain("parley ");
});
