import { PlatformError } from "../platform.ts";

/** A message that could not be posted. `unsure`: whether it was could not be found out in the end; delivering it again looks once more. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly outcome: "rejected" | "gone" | "unsure";

  constructor(outcome: DeliveryError["outcome"], message: string, options: { cause: unknown }) {
    super(message, options);
    this.outcome = outcome;
  }
}

const WORDS = {
  rejected: "The platform refused it",
  gone: "The conversation is gone",
  unknown: "The platform did not say whether it was posted, and cannot be asked",
} as const;

/** What to tell the caller when there is nothing more to try. */
export const giveUp = (what: string, error: PlatformError): DeliveryError => {
  const outcome = error.outcome === "rate_limited" ? "unknown" : error.outcome;
  return new DeliveryError(
    outcome === "unknown" ? "unsure" : outcome,
    `${what} could not be posted. ${WORDS[outcome]}: ${error.message}`,
    { cause: error },
  );
};

/** A call to a platform that did not come back. */
export const noReply = (ms: number): PlatformError =>
  new PlatformError("unknown", `The platform did not reply within ${ms / 1000} s.`);
