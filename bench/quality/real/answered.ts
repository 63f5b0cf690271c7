import type { Outcome } from "../play-setting.ts";
import type { Pairs } from "../shared-errors.ts";

/** One question with what each agent made of it. */
export interface Answered extends Outcome {
  readonly pairs: Pairs;
}
