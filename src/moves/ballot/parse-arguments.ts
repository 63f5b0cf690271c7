import { jsonValues, parseLoosely } from "../../backends/reply-text/json-values.ts";

/** A JSON object. */
export type Arguments = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Arguments =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names under which models wrap a call's arguments once more. */
const WRAPPERS = [
  "arguments",
  "args",
  "parameters",
  "params",
  "input",
  "tool_input",
  "kwargs",
  "properties",
  "data",
  "json",
  "function",
  "tool_call",
  "vote",
  "new_answer",
  "ballot",
];
const DEEPEST = 5;

/** Fields of the two tools, in any spelling that is read. An object with one of them is no wrapper. */
const OWN =
  /^(?:scores?|ratings?|votes|evaluations?|rankings?|ranks?|content|answer|text|response|agent_id)$/i;

/**
 * Parses a call's arguments. Tolerates JSON that is encoded twice, fenced, sent twice, wrapped once more, or written like Python. Undefined: there
 * is no object in it.
 */
export function parseArguments(json: string): Arguments | undefined {
  const value = parseLoosely(json) ?? richest(json);
  return unwrap(value, 0);
}

/** The object that says most, among those that were sent one after another. */
const richest = (text: string): unknown =>
  jsonValues(text)
    .map(({ value }) => value)
    .toSorted((a, b) => size(b) - size(a))[0];

const size = (value: unknown): number => JSON.stringify(value).length;

function unwrap(value: unknown, depth: number): Arguments | undefined {
  if (depth > DEEPEST) return undefined;
  if (typeof value === "string") return unwrap(parseLoosely(value) ?? richest(value), depth + 1);
  if (Array.isArray(value)) return unwrapList(value, depth);
  if (!isObject(value)) return undefined;
  const inner = Object.keys(value).some((key) => OWN.test(key)) ? undefined : wrapped(value);
  return inner === undefined ? value : (unwrap(inner, depth + 1) ?? value);
}

/** A list of scores, or one object in a list. */
function unwrapList(list: readonly unknown[], depth: number): Arguments | undefined {
  const [only] = list;
  const hasFields =
    isObject(only) && Object.keys(only).some((key) => /^(?:scores|content)$/i.test(key));
  return list.length === 1 && (hasFields || !isObject(only))
    ? unwrap(only, depth + 1)
    : { scores: list };
}

const wrapped = (value: Arguments): unknown =>
  WRAPPERS.map((key) => value[key]).find(
    (inner) => isObject(inner) || Array.isArray(inner) || isJson(inner),
  );

const isJson = (value: unknown): boolean => typeof value === "string" && /^\s*[{[]/.test(value);

/** The first of these fields that is there, whatever their case. */
export function fieldOf(value: Arguments, names: readonly string[]): unknown {
  for (const name of names) {
    const key = Object.keys(value).find((one) => plain(one) === name);
    const found = key === undefined ? undefined : value[key];
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
}

const plain = (key: string): string =>
  key
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[\s-]+/g, "_");

/** Words: a string, or the text in parts. */
export function wordsOf(value: unknown): string {
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value))
    return value
      .map(wordsOf)
      .filter((word) => word !== "")
      .join("\n\n");
  return isObject(value) ? wordsOf(value["text"] ?? value["content"] ?? value["value"] ?? "") : "";
}
