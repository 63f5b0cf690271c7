import { expect, test } from "vitest";
import { commandIn } from "../../src/commands/parse/command-words.ts";
import { parseCommand } from "../../src/commands/parse/parse-command.ts";

test.each([
  ["", { name: "help", topic: null }],
  ["?", { name: "help", topic: null }],
  ["help Team Use", { name: "help", topic: "team use" }],
  ["STOP", { name: "stop", turn: null }],
  ["cancel", { name: "stop", turn: null }],
  ["/parley stop", { name: "stop", turn: null }],
  ["@Parley !why", { name: "why", turn: null }],
  ["why 0190-a", { name: "why", turn: "0190-a" }],
  ["!status", { name: "status" }],
  ["version", { name: "version" }],
  ["team", { name: "team show", team: null }],
  ["teams list", { name: "team list" }],
  ["team show council", { name: "team show", team: "council" }],
  ["Team Use Council", { name: "team use", team: "Council", scope: "thread" }],
  ["team use council --here", { name: "team use", team: "council", scope: "thread" }],
  ["team use --channel council", { name: "team use", team: "council", scope: "channel" }],
  ["team use council —space", { name: "team use", team: "council", scope: "space" }],
  ["team use council –Server", { name: "team use", team: "council", scope: "space" }],
  ["team use council channel", { name: "team use", team: "council", scope: "channel" }],
  ["team use “council”", { name: "team use", team: "council", scope: "thread" }],
  ["team reset --channel", { name: "team reset", scope: "channel" }],
  ["team reload", { name: "team reload" }],
  ["stats", { name: "stats models" }],
  ["stats models", { name: "stats models" }],
  ["stats models reset", { name: "stats models reset", sure: false }],
  ["Stats Models Reset YES", { name: "stats models reset", sure: true }],
  ["stats models reset --yes", { name: "stats models reset", sure: true }],
  ["team validate", { name: "team validate" }],
  ["agents", { name: "agents list" }],
  ["agent add gemini", { name: "agents add", agents: ["gemini"] }],
  ["agents drop gpt, claude", { name: "agents drop", agents: ["gpt", "claude"] }],
  ["agents only “Claude Checker”", { name: "agents only", agents: ["Claude Checker"] }],
  ["agents reset", { name: "agents reset" }],
  ["prefer b", { name: "prefer", answer: "b" }],
  ["vote Claude Checker", { name: "prefer", answer: "Claude Checker" }],
  ["retry", { name: "retry", team: null, turn: null }],
  ["retry with council", { name: "retry", team: "council", turn: null }],
  ["again council", { name: "retry", team: "council", turn: null }],
  ["retry --team council", { name: "retry", team: "council", turn: null }],
  ["retry of 0190-a", { name: "retry", team: null, turn: "0190-a" }],
  ["retry with council of 0190-a", { name: "retry", team: "council", turn: "0190-a" }],
  ["steer", { name: "steer", message: null }],
  ["restart 17.9", { name: "restart", message: "17.9" }],
  ["listen", { name: "listen", mode: null, scope: "thread" }],
  ["listen Always --channel", { name: "listen", mode: "always", scope: "channel" }],
  ["listen thread", { name: "listen", mode: "thread", scope: "thread" }],
  ["listen reset space", { name: "listen", mode: "reset", scope: "space" }],
  ["usage", { name: "usage", scope: "thread", period: "all" }],
  ["usage week --channel", { name: "usage", scope: "channel", period: "week" }],
  ["costs --month space", { name: "usage", scope: "space", period: "month" }],
])("%j is understood", (text, command) => {
  expect(parseCommand(text)).toEqual(command);
});

test("A command given outside a thread is about the place it was given in, unless it says otherwise", () => {
  expect(parseCommand("team use council", "channel")).toMatchObject({ scope: "channel" });
  expect(parseCommand("listen always", "channel")).toMatchObject({ scope: "channel" });
  expect(parseCommand("usage week space", "channel")).toMatchObject({ scope: "space" });
});

test("A question keeps its own spelling, quotes and lines", () => {
  expect(parseCommand('ask  Why does "it\'s" --break\n  here? ')).toEqual({
    name: "ask",
    text: 'Why does "it\'s" --break\n  here?',
    team: null,
    forceTeam: false,
  });
  expect(parseCommand("ask —team council Why?")).toMatchObject({ team: "council", text: "Why?" });
});

test("!team before a question has the whole team answer it", () => {
  const forced = { name: "ask", team: null, forceTeam: true };
  expect(parseCommand("!team What do you think?")).toEqual({
    ...forced,
    text: "What do you think?",
  });
  expect(parseCommand("team list all primes below 50")).toMatchObject(forced);
});

test.each([
  ["stpo", "There is no command “stpo”.", ["stop", "help"]],
  ["xyzzy", "There is no command “xyzzy”.", ["help"]],
  ["teamlist", "There is no command “teamlist”.", ["team list", "help"]],
  ["team lsit", "There is no command “team lsit”.", ["team list"]],
  ["team council", "There is no command “team council”.", ["team use council"]],
  ["agents gemini", "There is no command “agents gemini”.", ["agents add gemini"]],
  ["team use", "Which team?", ["team use TEAM", "team list"]],
  ["team use solo --chanel", "Unknown flag --chanel.", ["--channel"]],
  ["team use solo --here --space", "Use only one of --here, --channel and --space.", []],
  ["listen mentoin", "Unknown listening mode “mentoin”.", ["listen mention", "help listen"]],
  ["agents only", "Which agents?", ["agents only AGENT …", "agents list"]],
  ["ask", "What do you want to ask?", ["ask QUESTION", "ask --team TEAM QUESTION"]],
  ["prefer", "Which answer?", ["prefer A", "status"]],
  ["retry with solo council", "Name only one team.", ["retry with solo"]],
  ["usage wek", "Unknown period “wek”.", ["usage week"]],
  ["constructor", "There is no command “constructor”.", ["help"]],
])("%j is answered with a suggestion", (text, problem, suggestions) => {
  expect(parseCommand(text)).toEqual({ name: "problem", problem, suggestions });
});

test("A message that starts with ! and a letter is a command, any other is not", () => {
  expect(commandIn(" !team list ")).toBe("team list");
  expect(["hello!", "! wow", "!!", "!1", "a !stop"].map(commandIn)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("an unknown command of any length is answered with its beginning", () => {
  const parsed = parseCommand(`!${"x".repeat(39_000)}`);
  expect(parsed.name).toBe("problem");
  expect(JSON.stringify(parsed).length).toBeLessThan(600);
});
