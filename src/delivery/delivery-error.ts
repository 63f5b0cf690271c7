import { PlatformError } from "../platform.ts";

/** A message could not be posted. `unsure`: the platform could not confirm whether it was posted; the next delivery checks again. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly outcome: "rejected" | "gone" | "unsure";

  /** Whether the message failed, only its file, or all that might be posted there. */
  get about(): PlatformError["about"] {
    return this.cause instanceof PlatformError ? this.cause.about : "message";
  }

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

/** The error for the caller once all tries are used up. */
export const giveUp = (what: string, error: PlatformError): DeliveryError => {
  const outcome = error.outcome === "rate_limited" ? "unknown" : error.outcome;
  return new DeliveryError(
    outcome === "unknown" ? "unsure" : outcome,
    `${what} could not be posted. ${WORDS[outcome]}: ${error.message}`,
    { cause: error },
  );
};

/** A platform call timed out. */
export const noReply = (ms: number): PlatformError =>
  new PlatformError("unknown", `The platform did not reply within ${ms / 1000} s.`);
