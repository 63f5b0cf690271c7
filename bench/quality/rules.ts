import type { Rule } from "./play-setting.ts";

const POOLED = { tally: "pooled" } as const;

/** The rules that are compared, by the policy that a team names. */
export const RULES: readonly Rule[] = [
  { name: "scores", policy: { tally: "scores" } },
  { name: "pooled", policy: POOLED },
  { name: "pooled, learned", policy: { ...POOLED, scoreboard: "learned" } },
  { name: "pooled, chances", policy: { ...POOLED, ballot: "chance" } },
  {
    name: "pooled, learned, chances",
    policy: { ...POOLED, scoreboard: "learned", ballot: "chance" },
  },
];

/** What each part of the track records is worth: played only where one agent is far abler. */
export const UNEVEN_RULES: readonly Rule[] = [
  ...RULES,
  { name: "pooled, prior alone", policy: { ...POOLED, scoreboard: "prior" } },
  { name: "pooled, learned alone", policy: { ...POOLED, scoreboard: "learned" }, unknown: true },
];

/** The rule that a team has if its file says nothing. */
export const DEFAULT_RULE = "pooled, learned";
/** The same with chances in place of scores. */
export const CHANCE_RULE = "pooled, learned, chances";
/** What differs in nothing but the ballot. */
export const BALLOT_RULES = { score: "pooled", chance: "pooled, chances" };
