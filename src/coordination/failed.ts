import type { FailureClass, FailureReason } from "./failure-reason.ts";

/** Why an agent left its turn. */
export interface Failed {
  readonly failure: FailureClass;
  /** In the provider's words, with addresses and settings: for operators. "" if the reader may not see it. */
  readonly message: string;
  readonly reason?: FailureReason | undefined;
  /** When the provider takes requests again, ms since the epoch; absent if it did not say. */
  readonly until?: number | undefined;
}
