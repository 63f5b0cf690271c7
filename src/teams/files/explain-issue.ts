import type { z } from "zod";
import { nearest } from "../../text/nearest.ts";
import type { SchemaKeys } from "./team-schema.ts";
import { formatChoice, formatPath, formatValue, valueAt } from "./value-text.ts";
import type { Path } from "./yaml-source.ts";

type Issue = z.core.$ZodIssue;

/** A message about a problem in a team file. */
export interface Explained {
  readonly path: Path;
  /** Whether the key or its value is wrong. */
  readonly part: "key" | "value";
  readonly message: string;
  /** The intended path of the value, if its key is mistyped. */
  readonly meant?: Path;
}

// Names that other tools use for the same keys.
const OTHER_NAMES: Readonly<Record<string, string>> = {
  system_message: "instructions",
  system_prompt: "instructions",
  prompt: "instructions",
  persona: "instructions",
  provider: "type",
  llm: "backend",
  members: "agents",
  max_tokens: "max_output_tokens",
  timeout: "turn_timeout",
  key: "api_key",
  url: "base_url",
  effort: "reasoning",
};

const EXPECTED: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping of keys to values",
  record: "a mapping of keys to values",
};

const meant = (word: string | null) =>
  word === null ? "" : `; did you mean ${JSON.stringify(word)}?`;

function unknownKey(key: string, at: Path, keys: SchemaKeys): Explained {
  const unknown = `unknown key ${JSON.stringify(key)}`;
  const explained = (message: string) => ({ path: [...at, key], part: "key" as const, message });
  const valid = keys.at(at);
  const other = OTHER_NAMES[key];
  const near = other !== undefined && valid.includes(other) ? other : nearest(key, valid);
  if (near !== null) return { ...explained(`${unknown}${meant(near)}`), meant: [...at, near] };
  const [home] = keys.homesOf(other ?? key);
  if (home !== undefined) {
    return explained(`${unknown} here; ${JSON.stringify(other ?? key)} belongs under ${home}`);
  }
  return explained(`${unknown}; the keys here are ${valid.toSorted().join(", ")}`);
}

function wrongType(expected: string, value: unknown, path: Path): string {
  const what = EXPECTED[expected] ?? expected;
  if (value === undefined) return `${formatPath(path)} is missing`;
  if (value === null) {
    return `${formatPath(path)} is empty: give it ${what}, or leave the key out`;
  }
  return `${formatPath(path)} must be ${what}, not ${formatValue(value)}`;
}

function outOfBounds(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  const [word, limit] =
    issue.code === "too_small" ? ["least", issue.minimum] : ["most", issue.maximum];
  const where = formatPath(issue.path);
  const count = (one: string, more: string) =>
    `${where} must have at ${word} ${limit} ${Number(limit) === 1 ? one : more}`;
  if (issue.origin === "array") return count("entry", "entries");
  if (issue.origin === "string") return count("character", "characters");
  if (issue.inclusive !== false) return `${where} must be at ${word} ${limit}`;
  return `${where} must be ${word === "least" ? "more" : "less"} than ${limit}`;
}

function wrongValue(issue: Extract<Issue, { code: "invalid_value" }>, value: unknown): string {
  const where = formatPath(issue.path);
  if (value === undefined) return `${where} is missing`;
  const near = typeof value === "string" ? nearest(value, issue.values.map(String)) : null;
  return `${where} must be ${formatChoice(issue.values)}, not ${formatValue(value)}${meant(near)}`;
}

const wrongUnion = (path: Path, value: unknown): string =>
  value === undefined
    ? `${formatPath(path)} is missing: list the team's agents, or write auto`
    : `${formatPath(path)} must be a list, or the word auto, not ${formatValue(value)}`;

function sentence(issue: Issue, value: unknown): string {
  if (issue.code === "invalid_type") return wrongType(issue.expected, value, issue.path);
  if (issue.code === "invalid_value") return wrongValue(issue, value);
  if (issue.code === "too_small" || issue.code === "too_big") return outOfBounds(issue);
  if (issue.code === "invalid_union") return wrongUnion(issue.path, value);
  if (issue.code === "invalid_format" && issue.format === "url") {
    return `${formatPath(issue.path)} must be a URL such as https://api.example.com/v1`;
  }
  return `${formatPath(issue.path)}: ${issue.message}`;
}

const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));

const KINDS = new Set(["invalid_type", "invalid_value", "invalid_union"]);

/** A value of the right kind, but with a wrong size or form: "a list of 70 agents". */
const isRightKind = (issues: readonly Issue[]): boolean =>
  issues.length > 0 && issues.every(({ code, path }) => path.length > 0 || !KINDS.has(code));

/** The union branch that the author probably meant: the one that matched furthest. */
const likeliest = (branches: readonly (readonly Issue[])[]): readonly Issue[] =>
  branches.toSorted(
    (a, b) =>
      depth(b) - depth(a) || Number(isRightKind(b)) - Number(isRightKind(a)) || a.length - b.length,
  )[0] ?? [];

/** Turns a zod issue into messages for the file's author. `root` is the file's content. */
export function explainIssue(issue: Issue, root: unknown, keys: SchemaKeys): readonly Explained[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(key, issue.path, keys));
  }
  const inner = issue.code === "invalid_union" ? likeliest(issue.errors) : [];
  if (isRightKind(inner)) {
    return inner.flatMap((deeper) =>
      explainIssue({ ...deeper, path: [...issue.path, ...deeper.path] }, root, keys),
    );
  }
  const message = sentence(issue, valueAt(root, issue.path));
  return [{ path: issue.path, part: "value", message }];
}
