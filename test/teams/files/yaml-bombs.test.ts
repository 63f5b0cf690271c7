import { expect, test } from "vitest";
import { parseYaml } from "../../../src/teams/files/yaml-source.ts";

/** Each level refers to the one before it so many times. */
const levels = (count: number, line: (level: number) => string): string =>
  Array.from({ length: count }, (_, level) => line(level + 1)).join("\n");
const many = (count: number, text: string): string => Array<string>(count).fill(text).join(", ");

const BOMBS: Readonly<Record<string, string>> = {
  "ten references on each of nine levels": `a0: &a0 [lol]\n${levels(9, (n) => `a${n}: &a${n} [${many(10, `*a${n - 1}`)}]`)}`,
  "two references on each of 40 levels": `a0: &a0 [lol]\n${levels(40, (n) => `a${n}: &a${n} [*a${n - 1}, *a${n - 1}]`)}`,
  "mappings instead of lists": `a0: &a0 {k: lol}\n${levels(30, (n) => `a${n}: &a${n} {x: *a${n - 1}, y: *a${n - 1}}`)}`,
  "merge keys on 40 levels": `a0: &a0 {k: 1}\n${levels(40, (n) => `a${n}: &a${n} {<<: [*a${n - 1}, *a${n - 1}]}`)}`,
  "one wide mapping merged 2,500 times": `a: &a {${Array.from({ length: 1_000 }, (_, n) => `k${n}: 1`).join(", ")}}\nb: {<<: [${many(2_500, "*a")}]}`,
  "500 mappings that merge one": `a: &a {k: 1}\n${levels(500, (n) => `m${n}: {<<: *a}`)}`,
  "a list of empty mappings merged again and again": `a: &a [${many(1_500, "{}")}]\n${levels(200, (n) => `m${n}: {<<: *a}`)}`,
  "merge keys with twice the keys on each level": `a0: &a0 {k: 1}\n${levels(10, (n) => `a${n}: &a${n} {<<: [*a${n - 1}, *a${n - 1}], ${Array.from({ length: 2 ** n }, (_, k) => `k${n}_${k}: 1`).join(", ")}}`)}`,
  "3,500 references to one value": `a: &a x\nb: [${many(3_500, "*a")}]`,
  "a list within itself": "a: &a [*a]",
  "a mapping merged into itself": "a: &a {<<: *a}",
  "two mappings within each other": "a: &a {b: &b {c: *a}, d: *b}",
  "an alias as a key, again and again": `a: &a [x, x, x]\nb: {${Array.from({ length: 1_500 }, () => "? *a : 1").join(", ")}}`,
};

test.each(Object.entries(BOMBS))("%s is refused, and at once", (_, text) => {
  const before = process.threadCpuUsage();
  const { value, errors } = parseYaml(text);
  const { user, system } = process.threadCpuUsage(before);
  expect(value).toBeNull();
  expect(errors[0]?.message).toMatch(/alias|values|nested|twice/);
  // Expanded, each of them takes minutes or all memory.
  expect((user + system) / 1_000).toBeLessThan(2_000);
});

test.each([
  ["a tag that runs code", "a: !!js/function 'function () {}'", /tag/i],
  ["a tag of Python", "a: !!python/object/apply:os.system [ls]", /tag/i],
  ["a prototype", "__proto__: { isAdmin: true }", null],
  ["a prototype that is merged", "a: &a { __proto__: { isAdmin: true } }\nb: { <<: *a }", null],
])("%s has no effect", (_, text, refused) => {
  const { errors } = parseYaml(text);
  if (refused) expect(errors[0]?.message).toMatch(refused);
  expect(Object.hasOwn(Object.prototype, "isAdmin")).toBe(false);
  expect(Reflect.get({}, "isAdmin")).toBeUndefined();
});

test("a team of 16 agents that share their settings by anchor and merge key is read", () => {
  const agents = Array.from(
    { length: 16 },
    (_, n) => `  - { <<: *base, id: a${n}, tools: *tools }`,
  );
  const { value, errors } = parseYaml(
    `base: &base { model: m }\ntools: &tools [x]\nagents:\n${agents.join("\n")}\n`,
  );
  expect(errors).toEqual([]);
  expect(value).toMatchObject({ agents: { 15: { model: "m", id: "a15", tools: ["x"] } } });
});
