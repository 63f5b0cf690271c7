import { LIMIT_EXAMPLES, parseLimit } from "../../budgets/limit.ts";
import { SET_REACHES, type SetReach } from "../../budgets/reach.ts";
import { nearest } from "../../text/nearest.ts";
import type { Command } from "../command.ts";
import { type Parsed, problem, scoped, type Words } from "../command-scope.ts";

const BUDGET_SUBCOMMANDS = ["show", "set", "reset", "allow"] as const;

const REACH_WORDS: Readonly<Record<string, SetReach>> = {
  person: "person",
  user: "person",
  everyone: "person",
  channel: "channel",
  space: "space",
  workspace: "space",
  server: "space",
};

const reachWord = (word: string): SetReach | undefined =>
  Object.hasOwn(REACH_WORDS, word.toLowerCase()) ? REACH_WORDS[word.toLowerCase()] : undefined;

/** Removes the reach (a flag or the last word) from the words and passes both to `build`. */
function withReach(
  { plain, flags }: Pick<Words, "plain" | "flags">,
  command: string,
  build: (reach: SetReach, words: readonly string[]) => Parsed,
): Parsed {
  const last = plain.at(-1) ?? "";
  const isTrailing = reachWord(last) !== undefined;
  const named = [...flags, ...(isTrailing ? [last] : [])];
  const unknown = named.find((word) => reachWord(word) === undefined);
  const each = SET_REACHES.map((reach) => `${command} --${reach}`);
  if (unknown !== undefined) return problem(`Unknown flag --${unknown}.`, ...each);
  const reaches = [...new Set(named.flatMap((word) => reachWord(word) ?? []))];
  const [reach] = reaches;
  if (reach === undefined) return problem("For whom?", ...each);
  if (reaches.length > 1) return problem("Use only one of them.", ...each);
  return build(reach, isTrailing ? plain.slice(0, -1) : plain);
}

const parseSet = (words: Pick<Words, "plain" | "flags">): Parsed =>
  withReach(words, `budget set ${LIMIT_EXAMPLES[0]}`, (reach, written) => {
    const limit = parseLimit(written.join(" "));
    if (limit) return { name: "budget set", limit, reach };
    const text =
      written.length === 0
        ? "Which limit?"
        : `Parley cannot read “${written.join(" ")}” as a limit.`;
    return problem(text, ...LIMIT_EXAMPLES.map((example) => `budget set ${example} --${reach}`));
  });

const MINUTE_MS = 60_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: 24 * 60 * MINUTE_MS,
};
/** For anything longer, change the limit instead. */
const LONGEST_GRANT_MS = 31 * 24 * 60 * MINUTE_MS;

type GrantWords = Extract<Command, { readonly name: "budget allow" }>["grant"];

/** Reads "3", "2h", "today" or "off"; undefined: anything else. */
function parseGrant(word: string): GrantWords | undefined {
  if (/^(off|none|0)$/.test(word)) return null;
  if (word === "today") return { turns: null, ms: null };
  const [, number = "", unit] = /^(\d{1,4})(?:(m|h|d)\w*)?$/.exec(word) ?? [];
  const count = Number(number);
  if (count === 0) return undefined;
  if (unit === undefined) return { turns: count, ms: null };
  return { turns: null, ms: Math.min(LONGEST_GRANT_MS, count * (UNIT_MS[unit] ?? 0)) };
}

const parseAllow = (words: Words): Parsed =>
  scoped(words, (scope, written) => {
    const word = written
      .join("")
      .toLowerCase()
      .replace(/turns?$/, "");
    const grant = parseGrant(word === "" ? "1" : word);
    return grant === undefined
      ? problem(
          `“${written.join(" ")}” is neither a number of turns nor a duration.`,
          "budget allow 3",
          "budget allow 2h",
          "budget allow today",
        )
      : { name: "budget allow", grant, scope };
  });

export function parseBudget(words: Words): Parsed {
  const [sub = "show", ...plain] = words.plain;
  switch (sub.toLowerCase()) {
    case "show":
      return { name: "budget show" };
    case "set":
      return parseSet({ ...words, plain });
    case "reset":
      return withReach({ ...words, plain }, "budget reset", (reach) => ({
        name: "budget reset",
        reach,
      }));
    case "allow":
      return parseAllow({ ...words, plain });
  }
  // "limit 10turns/hour --person" is clear enough without `set`.
  if (/^\$?\d/.test(sub)) return parseSet(words);
  const near = nearest(sub, BUDGET_SUBCOMMANDS);
  return problem(
    `There is no command “budget ${sub}”.`,
    near === null ? "help budget" : `budget ${near}`,
  );
}
