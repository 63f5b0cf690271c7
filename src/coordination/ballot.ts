import { z } from "zod";

/** `{agent}.{n}`: the n-th revision of that agent's answer in this turn, from 1. */
export const RevisionId = z.string().brand<"RevisionId">();
export type RevisionId = z.infer<typeof RevisionId>;

/** One reviewer's scores (0–10) for the revisions it saw. */
export const Ballot = z.object({
  scores: z.record(z.string(), z.number().min(0).max(10)),
  reason: z.string(),
  objection: z
    .object({ revision: RevisionId, text: z.string() })
    .optional()
    .describe("One sentence that quotes what the reviewer considers wrong in another answer."),
  same: z
    .record(z.string(), RevisionId)
    .optional()
    .describe(
      "Revisions that the reviewer holds for another wording of the named one; absent: none.",
    ),
});
export type Ballot = z.infer<typeof Ballot>;
