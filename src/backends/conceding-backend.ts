import type { Backend } from "./backend.ts";
import { concedingCall } from "./concessions/conceding-call.ts";
import type { Dialect } from "./concessions/dialect.ts";
import { createLedger, type Ledger } from "./concessions/ledger.ts";
import { guardedCall } from "./guarded-call.ts";
import { createThoughtHabit } from "./reply-text/filter-events.ts";

export interface ConcedingBackendOptions<Body extends object> extends Pick<
  Backend,
  "kind" | "model" | "provider"
> {
  readonly dialect: Dialect<Body>;
  /** What the server does not take. Default: nothing is known. */
  readonly ledger?: Ledger | undefined;
  /** It is the provider's own API, which keeps thoughts apart from the text. */
  readonly isOwnApi: boolean;
}

/** A backend that speaks one API over HTTP, and leaves out what the server does not take. */
export function createConcedingBackend<Body extends object>({
  kind,
  model,
  provider,
  dialect,
  ledger = createLedger(),
  isOwnApi,
}: ConcedingBackendOptions<Body>): Backend {
  const habit = createThoughtHabit(isOwnApi);
  return {
    kind,
    model,
    provider,
    ask: (request) =>
      guardedCall(
        request.signal,
        (signal) => concedingCall({ ...request, signal }, dialect, ledger),
        dialect.classify,
        habit,
      ),
  };
}
