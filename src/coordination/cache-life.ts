import { z } from "zod";

/** How long a provider is asked to keep a prompt after its last use. */
export const CacheLife = z.enum(["5m", "1h"]);
export type CacheLife = z.infer<typeof CacheLife>;

export const CacheSetting = z
  .enum(["auto", "5m", "1h"])
  .default("auto")
  .describe(
    "How long providers keep the thread's prompt in their cache after each call: 5 minutes or 1 hour. Writing for an hour costs more (Anthropic: 2 times the price of input in place of 1.25), reading costs a tenth either way. auto: whichever is cheaper at the pace of the thread, which is 1h where messages come more than 5 minutes apart.",
  );
export type CacheSetting = z.infer<typeof CacheSetting>;

/** Which life a turn asks for, and why. */
export const CacheChoice = z.object({
  life: CacheLife,
  by: z.enum(["team", "pace"]).describe("`team`: its file says so; `pace`: the thread's messages."),
  paceMs: z
    .number()
    .nullable()
    .describe("The usual time from an answer to the next message, ms; null: not known yet."),
  idleMs: z
    .number()
    .nullable()
    .describe("The time from the latest answer to this request, ms; null: it is the first."),
});
export type CacheChoice = z.infer<typeof CacheChoice>;

export const LIFE_MS: Readonly<Record<CacheLife, number>> = {
  "5m": 5 * 60_000,
  "1h": 60 * 60_000,
};

/** How fast a thread goes on: what each request waited after the answer before it, ms, oldest first. */
export interface Pace {
  readonly gaps: readonly number[];
  readonly idleMs: number | null;
}

/** Threads change their pace. */
const RECENT = 6;

/** Prices of a token in a cache, in prices of input: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing */
const WRITE: Readonly<Record<CacheLife, number>> = { "5m": 1.25, "1h": 2 };
const READ = 0.1;
/** The share of a prompt that the previous one did not have: an answer and a request. */
const NEW = 0.1;

/** The cheaper life at this pace, unless the team has set one. Pure. */
export function chooseCacheLife(setting: CacheSetting, { gaps, idleMs }: Pace): CacheChoice {
  const recent = gaps.slice(-RECENT);
  const cost = (life: CacheLife) => recent.reduce((sum, gap) => sum + costAfter(gap, life), 0);
  return {
    life: setting === "auto" ? (cost("1h") < cost("5m") ? "1h" : "5m") : setting,
    by: setting === "auto" ? "pace" : "team",
    paceMs: median(recent),
    idleMs,
  };
}

/** The price of a prompt that comes so long after the one that it continues. */
const costAfter = (gap: number, life: CacheLife): number =>
  gap <= LIFE_MS[life] ? READ * (1 - NEW) + WRITE[life] * NEW : WRITE[life];

const median = (values: readonly number[]): number | null =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? null;
