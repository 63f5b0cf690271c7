import { BackendError } from "../../../src/backends/backend.ts";
import { createAccount } from "../../../src/backends/resilience/account.ts";
import {
  createResilientBackend,
  type RetryLimits,
} from "../../../src/backends/resilience/resilient-backend.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { createScriptedBackend, type Step } from "../scripted-backend.ts";

const LIMITS: RetryLimits = {
  move_timeout: 150,
  queue_timeout: 600,
  first_sign: 120,
  idle: 60,
  move_retries: 2,
};
export const overloaded = new BackendError("overloaded", "Overloaded.");
export const rateLimited = (retryAfterMs: number) =>
  new BackendError("rate_limit", "Too many requests.", { retryAfterMs });

/** A resilient backend over scripted ones, one script per call; jitter is always one half. */
export function setUp(
  scripts: readonly (readonly Step[])[],
  fallbackScripts?: typeof scripts,
  { ceiling, spareCeiling }: { ceiling?: number; spareCeiling?: number } = {},
) {
  const clock = createFakeClock();
  const inner = createScriptedBackend(clock, scripts);
  const account = createAccount({ name: "openai", clock, isLocal: false });
  const spare = fallbackScripts && createScriptedBackend(clock, fallbackScripts, "spare-1");
  const backend = createResilientBackend({
    seat: { backend: inner, account, ceiling },
    ...(spare && {
      fallback: {
        backend: spare,
        account: createAccount({ name: "spare", clock, isLocal: false }),
        ceiling: spareCeiling,
      },
    }),
    clock,
    limits: LIMITS,
    random: () => 0.5,
  });
  return { clock, inner, account, spare, backend };
}
