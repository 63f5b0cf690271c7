import { nearest } from "../text/nearest.ts";
import type { Scope } from "../teams/bindings.ts";
import type { Command, ParseProblem } from "./command.ts";
import { brief } from "./run/compose-reply.ts";

/** The words of a command, split into plain words and flags. */
export interface Words {
  /** The text after the command's first word, as it was typed. */
  readonly rest: string;
  readonly plain: readonly string[];
  readonly flags: readonly string[];
  /** The scope to use if the words name none. */
  readonly scope: Scope;
}

const SCOPE_WORDS: Readonly<Record<string, Scope>> = {
  here: "thread",
  thread: "thread",
  channel: "channel",
  space: "space",
  workspace: "space",
  server: "space",
};

/** The result of parsing. */
export type Parsed = Command | ParseProblem;

/** A parse problem with suggestions. */
export const problem = (text: string, ...suggestions: readonly string[]): ParseProblem => ({
  name: "problem",
  problem: brief(text),
  suggestions,
});

/** Scope words are accepted with or without dashes: `team use council channel`. */
const scopeWord = (word: string): Scope | undefined =>
  Object.hasOwn(SCOPE_WORDS, word.toLowerCase()) ? SCOPE_WORDS[word.toLowerCase()] : undefined;

/** The scope that the flags or the last word name. */
function scopeOf(
  { flags, scope }: Pick<Words, "flags" | "scope">,
  trailing: readonly string[],
): Scope | ParseProblem {
  const unknown = flags.find((flag) => scopeWord(flag) === undefined);
  if (unknown !== undefined) {
    const near = nearest(unknown, ["here", "channel", "space"]);
    return problem(`Unknown flag --${unknown}.`, near ? `--${near}` : "--here");
  }
  const scopes = new Set([...flags, ...trailing].flatMap((word) => scopeWord(word) ?? []));
  return scopes.size > 1
    ? problem("Use only one of --here, --channel and --space.")
    : ([...scopes][0] ?? scope);
}

const isProblem = (value: unknown): value is ParseProblem =>
  typeof value === "object" && value !== null && "problem" in value;

/** Removes the scope (a flag or the last word) from the words and passes both to `build`. */
export function scoped(
  { plain, flags, scope: here }: Words,
  build: (scope: Scope, words: readonly string[]) => Parsed,
): Parsed {
  const last = plain.at(-1) ?? "";
  const trailing = plain.length > 0 && scopeWord(last) !== undefined ? [last] : [];
  const scope = scopeOf({ flags, scope: here }, trailing);
  return isProblem(scope) ? scope : build(scope, plain.slice(0, plain.length - trailing.length));
}
