import { z } from "zod";

/** How turns break off: a person stops them, or edits the question; or the process is killed, and the next one resumes them. */
export const WAYS = ["stop", "edit", "kill"] as const;
export type Way = (typeof WAYS)[number];

/** While all models write their first answers, ms. */
export const CUT_AFTER_MS = 4_000;

const Question = z.object({ id: z.string(), thread: z.string(), text: z.string() });

/** What one measuring process does. */
export const TokenRunOptions = z.object({
  way: z.enum([...WAYS, "resume"]),
  origin: z.string(),
  /** Of the database. */
  folder: z.string(),
  /** The number of the first question. */
  first: z.number(),
  /** Turns that break off. */
  threads: z.number(),
  /** What the process before was asked. */
  asked: z.array(Question).default([]),
});
export type TokenRun = z.infer<typeof TokenRunOptions>;

/** What it tells: the questions before it is killed, or the booked tokens of all turns that broke off. */
export const TokenReport = z.object({
  asked: z.array(Question).optional(),
  booked: z.number().optional(),
});
