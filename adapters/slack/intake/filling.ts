import type { Clock } from "../../../src/clock.ts";
import { withTimeout } from "../../../src/timers.ts";
import { backFill, type BackFillPorts } from "./back-fill.ts";
import { EventEnvelope, installationOf } from "../wire/message.ts";

/** What people say now comes after what was missed: a workspace's events wait while it is searched, but for nobody else's search. */
export interface Filling {
  /** Searches for what was written since a time, ms since the epoch; without one, nothing was missed. */
  begin(since?: number): void;
  /** Resolves when an event may be taken on. */
  over(body: unknown): Promise<void>;
}

/** Slack wants its answer within 3 s, ms. */
const FILLING_MS = 1_500;

export function createFilling(
  ports: BackFillPorts & { readonly clock: Clock },
  signal: AbortSignal,
): Filling {
  const begun = Promise.withResolvers<void>();
  const state = { searches: Promise.resolve<ReadonlyMap<string, Promise<void>>>(new Map()) };
  return {
    begin(since) {
      if (since !== undefined) state.searches = backFill(ports, since, signal);
      begun.resolve();
    },
    async over(body) {
      await begun.promise;
      const { data: envelope } = EventEnvelope.safeParse(body);
      if (!envelope) return;
      const { team } = installationOf(envelope);
      const search = state.searches.then((searches) => searches.get(team));
      await withTimeout(ports.clock, FILLING_MS, search);
    },
  };
}
