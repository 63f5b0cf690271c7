import type { Rule } from "./play-setting.ts";

/** The rules that are compared, by the policy that a team names. */
export const RULES: readonly Rule[] = [
  { name: "scores", policy: { tally: "scores" } },
  { name: "pooled", policy: { tally: "pooled" } },
  { name: "pooled, track records", policy: { tally: "pooled" }, records: true },
  { name: "pooled, chances", policy: { tally: "pooled", ballot: "chance" } },
];

/** The rule that a team has if its file says nothing. */
export const DEFAULT_RULE = "pooled";
/** The same with chances in place of scores. */
export const CHANCE_RULE = "pooled, chances";
/** What differs in nothing but the ballot. */
export const BALLOT_RULES = { score: "pooled", chance: "pooled, chances" };
