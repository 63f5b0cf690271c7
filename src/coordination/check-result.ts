import { z } from "zod";
import { RevisionId } from "./ballot.ts";

/** What a check says about one piece of an answer. */
export const Finding = z.object({
  quote: z.string().describe("The words of the answer that it is about."),
  verdict: z
    .enum(["holds", "fails", "note"])
    .describe("`note`: neither right nor wrong, such as what a program printed."),
  note: z.string().describe("What is right instead, or what was found; may be empty."),
});
export type Finding = z.infer<typeof Finding>;

/** What one check found in one answer. Pure data, at most 20 findings. */
export interface CheckResult {
  /** The check that found it. */
  readonly check: string;
  /** What fails first. */
  readonly findings: readonly Finding[];
  /** How many more there were. */
  readonly more: number;
}

export const ANSWER_CHECKED = z
  .object({
    type: z.literal("answer_checked"),
    at: z
      .number()
      .describe("Milliseconds of running time since the turn started; downtime does not count."),
    revision: RevisionId,
    check: z.string().describe("The check's name."),
    findings: z.array(Finding),
    more: z.number().describe("How many more findings there were."),
  })
  .describe(
    "A check that asks no model has something to say about an answer. Reviewers read it; it decides nothing.",
  );
