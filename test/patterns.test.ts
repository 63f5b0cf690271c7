import { createRequire } from "node:module";
import { afterAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Pattern, smallPattern } from "./support/small-pattern.ts";
import { sourcePatterns } from "./support/source-patterns.ts";

/**
 * Patterns that may take the square of a text's length: why no text from outside can make use of it. Whoever adds one here bounds its text
 * where it is used.
 */
const BOUNDED: Readonly<Record<string, string>> = {
  [String.raw`src/moves/ballot/score-lines.ts: /^[\s>*|#-]*(?:\d{1,3}[.)]\s+)?(.{1,60}?)\s*(?:[:=|–—]|->|→|\s-\s)+\s*(?:\*+\s*)?([^|\n]{1,120}?)\s*(?:\|.*)?$/`]:
    "It reads lines of at most 300 characters (LONGEST_LINE).",
  ["src/moves/claim-line.ts: /(?:^|\\n)[ \\t>*_`#-]{0,8}claim(?:[ \\t]+line)?[ \\t]*[*_`]{0,3}[ \\t]*[:：][ \\t*_`]*(?<claim>[^\\n]*?)[ \\t*_`]*$/"]:
    "It reads a last line of at most 300 characters (LONGEST_LINE).",
  [String.raw`adapters/terminal/input/complete.ts: /@("[^"\n]*|[^\s"]*)$/`]:
    "It reads the last 1,000 characters of a draft (LONGEST_MENTION).",
};

const Verdict = z.object({
  status: z.enum(["safe", "vulnerable", "unknown"]),
  complexity: z.object({ summary: z.string() }).optional(),
  attack: z.object({ pattern: z.string() }).optional(),
});
const Checker = z.object({ checkSync: z.custom<(...given: unknown[]) => unknown>() });
const require = createRequire(import.meta.url);
const { checkSync } = Checker.parse(require("recheck"));

/** The square of a text of this length is beyond the limit of steps. No limit is one of time: a verdict does not depend on the machine. */
const LIMITS = {
  checker: "fuzz",
  maxAttackStringSize: 4_000,
  attackLimit: 2_000_000,
  incubationLimit: 5_000,
  maxIteration: 3,
  maxInitialGenerationSize: 60,
  maxGenerationSize: 30,
  mutationSize: 20,
  crossoverSize: 10,
  timeout: null,
  attackTimeout: null,
  incubationTimeout: null,
};

/** A pattern without repetition that has no end looks at no more characters from each place than it has itself. */
const mayTakeLong = (source: string): boolean =>
  /[*+]|\{\d+,\}/.test(source.replaceAll(/\\./gs, "x").replaceAll(/\[[^\]]*\]/g, "c"));

/** The text that takes a pattern more time than in proportion to its length, in words; null: there is none. */
function slowTextFor(pattern: Pattern): string | null {
  if (!mayTakeLong(pattern.source)) return null;
  const { source, flags } = smallPattern(pattern);
  const { status, complexity, attack } = Verdict.parse(checkSync(source, flags, LIMITS));
  if (status === "safe") return null;
  return `${complexity?.summary ?? status}: ${attack?.pattern ?? "no text is known"}`;
}

// Its JavaScript, rather than a program that may not be there.
vi.stubEnv("RECHECK_BACKEND", "pure");
afterAll(() => vi.unstubAllEnvs());

test.each([
  // What once held up the whole process: a nested list beside a link.
  [
    /^(?:([ \t]{0,3}(?:>|[-*+]|\d{1,9}[.)])[ \t]{0,7})*|[ \t]{0,3})(?:`{3,}(?=[^`]*$)|~{3,})/,
    "exponential",
  ],
  [/^(a|a)*$/, "exponential"],
  [/\/+$/, "2nd degree"],
  [/^\s*a?\s*$/, "2nd degree"],
  [/\s+(?=and|or|but)/i, "2nd degree"],
  [/^```(?:json)?\s*([^]*?)\s*```$/, "3rd degree"],
])("the slow text for %s is found", (pattern, expected) => {
  expect(slowTextFor(pattern)).toContain(expected);
});

test.each([
  /^\s*(?:a\s*)?$/,
  /"(?:[^"\\]|\\[^])*(?:"|\\?$)/,
  /([ \t]*)>/y,
  /^(`+)a\1$/,
  /(?<!\s)\s+and/,
  /\ba{1,400}b{1,9}$/,
])("there is no slow text for %s", (pattern) => {
  expect(slowTextFor(pattern)).toBe(null);
});

test("no pattern takes more time than in proportion to a text's length", async () => {
  const patterns = await sourcePatterns(["src", "adapters"]);
  expect(patterns.length).toBeGreaterThan(800);
  const slow = new Map<string, string>();
  for (const { at, ...pattern } of patterns) {
    const text = slowTextFor(pattern);
    if (text !== null) slow.set(`${at}: /${pattern.source}/`, text);
  }
  expect([...slow].filter(([name]) => !Object.hasOwn(BOUNDED, name))).toEqual([]);
  expect(Object.keys(BOUNDED).filter((name) => !slow.has(name))).toEqual([]);
});
