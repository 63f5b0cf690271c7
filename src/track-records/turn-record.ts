import { z } from "zod";

/** What a turn says about who is right, without knowing the truth. It holds names of models, numbers, and no words of anybody. */
export const TurnRecord = z.object({
  /** For each result the models behind it, one name for each agent. */
  results: z.array(z.array(z.string())),
  /** Place of the posted result; null: nothing was posted. */
  posted: z.number().nullable(),
  /** What each reviewer, and each person who preferred an answer, said for every result. */
  reads: z.array(
    z.object({
      /** Null: a person. */
      model: z.string().nullable(),
      weight: z.number(),
      /** Log-odds, the mean over its reads and the result's answers; null: it judged none of them. */
      favours: z.array(z.number().nullable()),
    }),
  ),
});
export type TurnRecord = z.infer<typeof TurnRecord>;

/** A record with what people say of the posted answer. */
export interface MarkedRecord extends TurnRecord {
  /** 👍 by so many people more than 👎. */
  readonly marks: number;
}

/** What a space knows of one model. */
export const ModelRecord = z.object({
  model: z.string(),
  /** Turns in which it gave an answer. */
  turns: z.number(),
  /** Turns in which some agreed and others did not: only these say who is abler. */
  telling: z.number(),
  /** Turns in which its result was posted. */
  posted: z.number(),
  /** 👍 and 👎 for answers with its result. */
  ups: z.number(),
  downs: z.number(),
  /** Log-odds of being right, up to a constant of the space, with half of its 95 % interval; null: no turn tells. */
  level: z.number().nullable(),
  half: z.number().nullable(),
});
export type ModelRecord = z.infer<typeof ModelRecord>;

/** What was learned from a space's turns. */
export const TrackBoard = z.object({ turns: z.number(), models: z.array(ModelRecord) });
export type TrackBoard = z.infer<typeof TrackBoard>;
