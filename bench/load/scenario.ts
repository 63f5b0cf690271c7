import { z } from "zod";

/** How a provider limits the rate of calls: a bucket of `capacity` calls that refills continuously. */
export const Rate = z.object({ capacity: z.number(), perSecond: z.number() });
export type Rate = z.infer<typeof Rate>;

/** Questions, each in a thread of its own. */
export const Scenario = z.object({
  threads: z.number(),
  /** Of the team: each answers, and reviews once. */
  agents: z.number(),
  /** The questions arrive evenly over this time, ms; 0: all at once. */
  overMs: z.number(),
  /** Duration of each call, ms. */
  callMs: z.number(),
  /** Null: the provider takes every call. */
  rate: Rate.nullable(),
  /** All times, limits too, are so many times shorter than in the name of the scenario. */
  factor: z.number(),
});
export type Scenario = z.infer<typeof Scenario>;

/** When a question arrives, ms. */
export const arrivalOf = ({ threads, overMs }: Scenario, thread: number): number =>
  (thread * overMs) / threads;
