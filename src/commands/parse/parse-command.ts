import { TurnId } from "../../ids.ts";
import type { Verdict } from "../../progress/rating-words.ts";
import { nearest } from "../../text/nearest.ts";
import type { Scope } from "../../teams/bindings.ts";
import { LISTENING_MODES } from "../../teams/listening.ts";
import { type Parsed, problem, scoped, type Words } from "../command-scope.ts";
import { COMMAND_NAMES } from "../command-table.ts";
import { flagOf, splitWords, type Word } from "./command-words.ts";
import { type ParseProblem, PERIODS, type Period } from "../command.ts";
import { parseBudget } from "./parse-budget.ts";
import { parseKeys } from "./parse-keys.ts";
import { parseStats } from "./parse-stats.ts";

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
  budgets: "budget",
  limit: "budget",
  limits: "budget",
  key: "keys",
};

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

/** "!team What do you think?" asks the whole team, whatever its mode. */
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

const turnOf = (word: string | undefined): TurnId | null => TurnId.safeParse(word).data ?? null;

function parseRetry({ plain, flags }: Words): Parsed {
  const of = plain.findLastIndex((word) => word.toLowerCase() === "of");
  const before = of < 0 ? plain : plain.slice(0, of);
  const [team = null, more] = before[0]?.toLowerCase() === "with" ? before.slice(1) : before;
  const unknown = flags.find((flag) => flag !== "team" && flag !== "with");
  if (unknown !== undefined) return problem(`Unknown flag --${unknown}.`, "retry with TEAM");
  return more === undefined
    ? { name: "retry", team, turn: of < 0 ? null : turnOf(plain[of + 1]) }
    : problem("Name only one team.", `retry with ${team}`);
}

const VERDICTS: Readonly<Record<string, Verdict | null>> = {
  up: "up",
  good: "up",
  "👍": "up",
  down: "down",
  bad: "down",
  "👎": "down",
  off: null,
};

/** The reason keeps its quotes and its flags: it is a text. */
function parseRate({ rest }: Words): Parsed {
  const [first, second] = splitWords(rest);
  const verdict = VERDICTS[first?.text.toLowerCase() ?? ""];
  if (verdict === undefined)
    return problem("Good or bad?", "rate up", "rate down REASON", "rate off");
  const reason = second === undefined ? null : rest.slice(second.start).trim();
  return { name: "rate", verdict, reason: verdict === null ? null : reason, turn: null };
}

function parseWhy({ plain, flags }: Words): Parsed {
  const unknown = flags.find((flag) => flag !== "timing");
  if (unknown !== undefined) return problem(`Unknown flag --${unknown}.`, "why --timing");
  const turn = turnOf(plain[0] === "of" ? plain[1] : plain[0]);
  return { name: flags.length > 0 ? "why --timing" : "why", turn };
}

const LISTENING = [...LISTENING_MODES, "reset"] as const;

function parseListen(words: Words): Parsed {
  // Here `thread` is a mode, not a scope.
  const [word = null, ...plain] = words.plain;
  return scoped({ ...words, plain }, (scope) => {
    if (word === null) return { name: "listen", mode: null, scope };
    const mode = LISTENING.find((name) => name === word.toLowerCase());
    if (mode) return { name: "listen", mode, scope };
    return problem(
      `Unknown listening mode “${word}”.`,
      ...[nearest(word, LISTENING)].flatMap((near) => (near === null ? [] : [`listen ${near}`])),
      "help listen",
    );
  });
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
      : problem(`Unknown period “${other}”.`, `usage ${nearest(other, PERIODS) ?? "month"}`),
  );
}

const PARSERS: Readonly<Record<string, (words: Words) => Parsed>> = {
  help: ({ plain }) => ({ name: "help", topic: plain.join(" ").toLowerCase() || null }),
  ask: parseAsk,
  team: parseTeam,
  agents: parseAgents,
  stop: ({ plain }) => ({ name: "stop", turn: plain[0] === "of" ? turnOf(plain[1]) : null }),
  finish: ({ plain }) => ({ name: "finish", turn: plain[0] === "of" ? turnOf(plain[1]) : null }),
  status: () => ({ name: "status" }),
  why: parseWhy,
  version: () => ({ name: "version" }),
  steer: ({ rest }) => ({ name: "steer", message: rest || null }),
  restart: ({ plain: [message = null] }) => ({ name: "restart", message }),
  listen: parseListen,
  prefer: ({ plain }) =>
    plain.length === 0
      ? problem("Which answer?", "prefer A", "status")
      : { name: "prefer", answer: plain.join(" ") },
  rate: parseRate,
  retry: parseRetry,
  usage: parseUsage,
  budget: parseBudget,
  keys: parseKeys,
  stats: parseStats,
};

const NAMES = [...Object.keys(PARSERS), ...COMMAND_NAMES];

/** Removes prefixes that platforms and people write: "/parley", "@Parley", "!". */
const withoutPrefix = (text: string): string =>
  text.replace(/^\s*(?:@parley\b[:,]?\s*)?[!/]?\s*(?:parley\b[:,]?\s*[!/]?\s*)?/i, "").trim();

function sortWords(text: string, words: readonly Word[], scope: Scope): Words {
  const texts = words.slice(1).map((word) => word.text);
  return {
    rest: text.slice(words[1]?.start ?? text.length).trim(),
    plain: texts.filter((word) => flagOf(word) === null),
    flags: texts.flatMap((word) => flagOf(word) ?? []),
    scope,
  };
}

/**
 * Parses a command in any letter case, with or without its prefix; `scope` is the default scope. Never throws: for input it cannot parse it
 * returns a problem with suggestions.
 */
export function parseCommand(input: string, scope: Scope = "thread"): Parsed {
  const text = withoutPrefix(input);
  const words = splitWords(text);
  const first = words[0]?.text.toLowerCase() ?? "help";
  const name = OTHER_WORDS[first] ?? first;
  if (Object.hasOwn(PARSERS, name)) {
    return (
      PARSERS[name]?.(sortWords(text, words, scope)) ?? problem(`There is no command “${first}”.`)
    );
  }
  const near = nearest(first, NAMES);
  return problem(`There is no command “${first}”.`, ...(near === null ? [] : [near]), "help");
}
