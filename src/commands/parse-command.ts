import { nearest } from "../nearest.ts";
import type { Scope } from "../teams/bindings.ts";
import { COMMAND_NAMES } from "./command-table.ts";
import { flagOf, splitWords, type Word } from "./command-words.ts";
import { type Command, type ParseProblem, PERIODS, type Period } from "./command.ts";

type Parsed = Command | ParseProblem;

/** A command's words, sorted. */
interface Words {
  /** The text after the command's first word, as it was typed. */
  readonly rest: string;
  readonly plain: readonly string[];
  readonly flags: readonly string[];
}

const OTHER_WORDS: Readonly<Record<string, string>> = {
  teams: "team",
  agent: "agents",
  commands: "help",
  "?": "help",
  cancel: "stop",
  abort: "stop",
  again: "retry",
  choose: "prefer",
  vote: "prefer",
  cost: "usage",
  costs: "usage",
};

const SCOPE_WORDS: Readonly<Record<string, Scope>> = {
  here: "thread",
  thread: "thread",
  channel: "channel",
  space: "space",
  workspace: "space",
  server: "space",
};

const problem = (text: string, ...suggestions: readonly string[]): ParseProblem => ({
  name: "problem",
  problem: text,
  suggestions,
});

/** Words that stand for a scope with or without dashes: `team use council channel`. */
const scopeWord = (word: string): Scope | undefined =>
  Object.hasOwn(SCOPE_WORDS, word.toLowerCase()) ? SCOPE_WORDS[word.toLowerCase()] : undefined;

/** The scope that flags and trailing words name; the thread if none does. */
function scopeOf(flags: readonly string[], trailing: readonly string[]): Scope | ParseProblem {
  const unknown = flags.find((flag) => scopeWord(flag) === undefined);
  if (unknown !== undefined) {
    const near = nearest(unknown, ["here", "channel", "space"]);
    return problem(`There is no --${unknown} here.`, near ? `--${near}` : "--here");
  }
  const scopes = new Set([...flags, ...trailing].flatMap((word) => scopeWord(word) ?? []));
  return scopes.size > 1
    ? problem("Only one of --here, --channel and --space at a time.")
    : ([...scopes][0] ?? "thread");
}

const isProblem = (value: unknown): value is ParseProblem =>
  typeof value === "object" && value !== null && "problem" in value;

function scoped(
  { plain, flags }: Words,
  build: (scope: Scope, words: readonly string[]) => Parsed,
): Parsed {
  const last = plain.at(-1) ?? "";
  const trailing = plain.length > 0 && scopeWord(last) !== undefined ? [last] : [];
  const scope = scopeOf(flags, trailing);
  return isProblem(scope) ? scope : build(scope, plain.slice(0, plain.length - trailing.length));
}

const SUBCOMMANDS = {
  team: ["list", "show", "use", "reset", "reload", "validate"],
  agents: ["list", "add", "drop", "only", "reset"],
} as const;

function teamUse(words: Words): Parsed {
  return scoped(words, (scope, [team]) =>
    team === undefined
      ? problem("Which team?", "team use TEAM", "team list")
      : { name: "team use", team, scope },
  );
}

/** Most words that may follow each `team` subcommand. */
const MOST_WORDS: Readonly<Record<string, number>> = { show: 1, use: 2, reset: 1 };

/** "!team What do you think?": the question is for the whole team, whatever its mode. */
function isQuestion({ plain: [sub = "", ...more], flags }: Words): boolean {
  if (flags.length > 0) return false;
  const isSubcommand = SUBCOMMANDS.team.some((name) => name === sub.toLowerCase());
  return isSubcommand ? more.length > (MOST_WORDS[sub.toLowerCase()] ?? 0) + 1 : more.length > 1;
}

function parseTeam(words: Words): Parsed {
  if (isQuestion(words)) return { name: "ask", text: words.rest, team: null, forceTeam: true };
  const [sub = "show", ...plain] = words.plain;
  const [team = null] = plain;
  switch (sub.toLowerCase()) {
    case "list":
      return { name: "team list" };
    case "reload":
      return { name: "team reload" };
    case "validate":
      return { name: "team validate" };
    case "show":
      return { name: "team show", team };
    case "use":
      return teamUse({ ...words, plain });
    case "reset":
      return scoped({ ...words, plain }, (scope) => ({ name: "team reset", scope }));
    default:
      return unknownSubcommand("team", sub);
  }
}

function unknownSubcommand(name: "team" | "agents", sub: string): ParseProblem {
  const near = nearest(sub, SUBCOMMANDS[name]);
  const meant = near === null ? [] : [`${name} ${near}`];
  const other = name === "team" ? `team use ${sub}` : `agents add ${sub}`;
  return problem(`There is no command “${name} ${sub}”.`, ...(meant.length > 0 ? meant : [other]));
}

function parseAgents({ plain: [sub = "list", ...agents] }: Words): Parsed {
  const word = sub.toLowerCase();
  if (word === "list" || word === "reset") return { name: `agents ${word}` };
  if (word !== "add" && word !== "drop" && word !== "only") {
    return unknownSubcommand("agents", sub);
  }
  const named = agents.flatMap((agent) => agent.split(",")).filter((agent) => agent !== "");
  return named.length === 0
    ? problem("Which agents?", `agents ${word} AGENT …`, "agents list")
    : { name: `agents ${word}`, agents: named };
}

function parseAsk({ rest }: Words): Parsed {
  const [first, second, third] = splitWords(rest);
  const named = first !== undefined && flagOf(first.text) === "team" && second !== undefined;
  const text = named ? (third === undefined ? "" : rest.slice(third.start)) : rest;
  return text.trim() === ""
    ? problem("What do you want to ask?", "ask QUESTION", "ask --team TEAM QUESTION")
    : { name: "ask", text: text.trim(), team: named ? second.text : null, forceTeam: false };
}

function parseRetry({ plain, flags }: Words): Parsed {
  const [team = null, more] = plain[0]?.toLowerCase() === "with" ? plain.slice(1) : plain;
  const unknown = flags.find((flag) => flag !== "team" && flag !== "with");
  if (unknown !== undefined) return problem(`There is no --${unknown} here.`, "retry with TEAM");
  return more === undefined
    ? { name: "retry", team }
    : problem("One team at a time.", `retry with ${team}`);
}

const isPeriod = (word: string): word is Period => PERIODS.some((period) => period === word);

function parseUsage(words: Words): Parsed {
  const periods = [...words.plain.map((word) => word.toLowerCase()), ...words.flags].filter(
    isPeriod,
  );
  const flags = words.flags.filter((flag) => !isPeriod(flag));
  const plain = words.plain.filter((word) => !isPeriod(word.toLowerCase()));
  return scoped({ ...words, plain, flags }, (scope, [other]) =>
    other === undefined
      ? { name: "usage", scope, period: periods[0] ?? "all" }
      : problem(`“${other}” is no period.`, `usage ${nearest(other, PERIODS) ?? "month"}`),
  );
}

const PARSERS: Readonly<Record<string, (words: Words) => Parsed>> = {
  help: ({ plain }) => ({ name: "help", topic: plain.join(" ").toLowerCase() || null }),
  ask: parseAsk,
  team: parseTeam,
  agents: parseAgents,
  stop: () => ({ name: "stop" }),
  status: () => ({ name: "status" }),
  why: () => ({ name: "why" }),
  version: () => ({ name: "version" }),
  prefer: ({ plain }) =>
    plain.length === 0
      ? problem("Which answer?", "prefer A", "status")
      : { name: "prefer", answer: plain.join(" ") },
  retry: parseRetry,
  usage: parseUsage,
};

const NAMES = [...Object.keys(PARSERS), ...COMMAND_NAMES];

/** Removes what a platform or a person puts in front of the words: "/parley", "@Parley", "!". */
const withoutPrefix = (text: string): string =>
  text.replace(/^\s*(?:@parley\b[:,]?\s*)?[!/]?\s*(?:parley\b[:,]?\s*[!/]?\s*)?/i, "").trim();

function sortWords(text: string, words: readonly Word[]): Words {
  const texts = words.slice(1).map((word) => word.text);
  return {
    rest: text.slice(words[1]?.start ?? text.length).trim(),
    plain: texts.filter((word) => flagOf(word) === null),
    flags: texts.flatMap((word) => flagOf(word) ?? []),
  };
}

/** Reads the words of a command, in any case, with or without its prefix. Never throws: what it cannot read is a problem with suggestions. */
export function parseCommand(input: string): Parsed {
  const text = withoutPrefix(input);
  const words = splitWords(text);
  const first = words[0]?.text.toLowerCase() ?? "help";
  const name = OTHER_WORDS[first] ?? first;
  if (Object.hasOwn(PARSERS, name)) {
    return PARSERS[name]?.(sortWords(text, words)) ?? problem(`There is no command “${first}”.`);
  }
  const near = nearest(first, NAMES);
  return problem(`There is no command “${first}”.`, ...(near === null ? [] : [near]), "help");
}
