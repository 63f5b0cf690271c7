import { BackendError } from "../backend.ts";

const UNITS = [
  { ms: 3_600_000, name: "h" },
  { ms: 60_000, name: "min" },
  { ms: 1_000, name: "s" },
] as const;

/** "40 s", "25 min", "3 h", rounded up. */
function formatWait(ms: number): string {
  const { ms: unit, name } = UNITS.find((one) => ms >= 2 * one.ms) ?? UNITS[2];
  return `${Math.ceil(ms / unit)} ${name}`;
}

/** The call was not sent: the provider's rate limit holds for longer than the call may wait. */
export class RateLimitedError extends BackendError {
  constructor(name: string, pauseMs: number) {
    const wait = formatWait(pauseMs);
    super("rate_limit", `The rate limit of ${name} is used up for another ${wait}.`, {
      retryAfterMs: pauseMs,
    });
  }
}
