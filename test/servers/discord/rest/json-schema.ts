import { asJson, type Json } from "../wire/json.ts";

/** Resolves "#/components/schemas/X". */
export type Resolve = (ref: string) => Json;

type Check = (schema: Json, value: unknown, at: string) => readonly string[];

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === "number",
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const tell = (isWrong: boolean, text: string): readonly string[] => (isWrong ? [text] : []);

const checkType: Check = (schema, value, at) => {
  if (schema["type"] === undefined) return [];
  const types = [schema["type"]].flat().map(String);
  return tell(!types.some((type) => TYPES[type]?.(value)), `${at} is not ${types.join(" or ")}`);
};

const checkChoice: Check = (schema, value, at) => {
  const { enum: choices, const: only } = schema;
  return [
    ...tell(choices !== undefined && !list(choices).includes(value), `${at} is not a known value`),
    ...tell(only !== undefined && only !== value, `${at} is not ${String(only)}`),
  ];
};

const RANGES: readonly (readonly [
  low: string,
  high: string,
  size: (value: unknown) => number | null,
])[] = [
  ["minLength", "maxLength", (value) => (typeof value === "string" ? value.length : null)],
  ["minItems", "maxItems", (value) => (Array.isArray(value) ? value.length : null)],
  ["minimum", "maximum", (value) => (typeof value === "number" ? value : null)],
];

const checkRange: Check = (schema, value, at) =>
  RANGES.flatMap(([low, high, size]) => {
    const measured = size(value);
    if (measured === null) return [];
    const [least, most] = [Number(schema[low] ?? -Infinity), Number(schema[high] ?? Infinity)];
    return tell(measured < least || measured > most, `${at}: ${low}/${high} broken by ${measured}`);
  });

const checkPattern: Check = (schema, value, at) => {
  const { pattern } = schema;
  if (typeof pattern !== "string" || typeof value !== "string") return [];
  return tell(!new RegExp(pattern, "u").test(value), `${at} does not match ${pattern}`);
};

const FLAT: readonly Check[] = [checkType, checkChoice, checkRange, checkPattern];

/** What of a value breaks a schema; knows as much of JSON Schema as Discord's document uses. */
export function schemaProblems(schema: Json, value: unknown, resolve: Resolve): readonly string[] {
  const check = (given: Json, at_: unknown, at: string): readonly string[] => {
    const ref = given["$ref"];
    if (typeof ref === "string") return check(resolve(ref), at_, at);
    return [
      ...FLAT.flatMap((one) => one(given, at_, at)),
      ...checkEither(given, at_, at),
      ...list(given["allOf"]).flatMap((part) => check(asJson(part), at_, at)),
      ...checkInside(given, at_, at),
    ];
  };
  const checkEither: Check = (given, at_, at) => {
    const options = [...list(given["oneOf"]), ...list(given["anyOf"])].map(asJson);
    if (options.length === 0) return [];
    const outcomes = options.map((option) => check(option, at_, at));
    if (outcomes.some((problems) => problems.length === 0)) return [];
    // The one that fits best tells most.
    return outcomes.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
  };
  const checkInside: Check = (given, at_, at) => {
    if (Array.isArray(at_)) {
      const items = given["items"];
      return items ? at_.flatMap((item, i) => check(asJson(items), item, `${at}.${i}`)) : [];
    }
    if (!TYPES["object"]?.(at_)) return [];
    const [fields, properties] = [asJson(at_), asJson(given["properties"])];
    const missing = list(given["required"]).filter((name) => fields[String(name)] === undefined);
    return [
      ...missing.map((name) => `${at}.${String(name)} is missing`),
      ...Object.entries(fields).flatMap(([name, field]) =>
        properties[name] && field !== undefined
          ? check(asJson(properties[name]), field, `${at}.${name}`)
          : [],
      ),
    ];
  };
  return check(schema, value, "");
}

const depth = (problems: readonly string[]): number =>
  Math.max(0, ...problems.map((problem) => problem.split(" ")[0]?.split(".").length ?? 0));
