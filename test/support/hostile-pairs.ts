import fc from "fast-check";
import { HOSTILE, type Hostile } from "./hostile-text.ts";

/** Short texts that make a reader take another path, before or behind what is hard. */
const SWITCHES: Readonly<Record<string, readonly [before: string, behind: string]>> = {
  "above a link": ["", "\n[a](https://b.test)"],
  "below a link": ["[https://a.test](https://b.test)\n\n", ""],
  "behind an open link": ["[a](<", ""],
  "below a table": ["|a|b|\n|-|-|\n|c|", "|\n"],
  "in a fence": ["```js\n", "\n```"],
  "below a fence": ["~~~\na\n~~~\n", ""],
  "behind a mention": ["<@U0PARLEY> ", " <@U1>"],
  "in a list": ["- a\n\n  ", "\n- b"],
  "in a quote": ["> ", "\n> b"],
  "in emphasis": ["**a ", " b**"],
  "in a tag": ["<div ", ">"],
  "in JSON": ['{"scores": {"A": "', '"}}'],
  "behind a call": ["<tool_call>", "</tool_call>"],
};

/** So many kinds of hostile text, each beside what switches on another path. The same seed gives the same ones. */
export function hostilePairs(seed: number, count: number): readonly [string, Hostile][] {
  const pair = fc.tuple(
    fc.constantFrom(...Object.entries(HOSTILE)),
    fc.constantFrom(...Object.entries(SWITCHES)),
  );
  const drawn = fc.sample(pair, { seed, numRuns: count });
  return drawn.map(([[kind, make], [place, [before, behind]]]) => [
    `${kind}, ${place}`,
    (length) => `${before}${make(length)}${behind}`,
  ]);
}
