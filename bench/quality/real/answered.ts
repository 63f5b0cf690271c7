import type { Outcome } from "../play-setting.ts";

/** One question with what each agent made of it. */
export interface Answered extends Outcome {
  /** By seat. */
  readonly right: readonly boolean[];
  /** Pairs of answers that counted as one result, and how many of them were right or wrong together. */
  readonly pairs: { readonly all: number; readonly alike: number };
}
