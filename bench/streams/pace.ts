import { z } from "zod";

/** How the server streams. Times in seconds. */
export const Pace = z.object({
  /** Events a second in each stream. */
  rate: z.number(),
  /** Before the first event, at random between two. */
  think: z.tuple([z.number(), z.number()]),
  answer: z.tuple([z.number(), z.number()]),
  review: z.tuple([z.number(), z.number()]),
});
export type Pace = z.infer<typeof Pace>;

/** What the server has sent since the last `reset`. */
export const ServerStats = z.object({
  events: z.number(),
  requests: z.number(),
  socketsPeak: z.number(),
  /** How late the server itself was with an event at worst, ms: above about 50, its figures say more about the machine. */
  lagMs: z.number(),
  /** When the last event of each question was sent, ms since the epoch, by the number in `question-7`. */
  last: z.record(z.string(), z.number()),
  /** Tokens that a provider bills for each question: whole prompts, and what was sent of the replies until they ended or the client left. */
  used: z.record(z.string(), z.number()),
});
export type ServerStats = z.infer<typeof ServerStats>;
