import type { Clock } from "../../../src/clock.ts";
import { PlatformError } from "../../../src/platform.ts";
import { type Budget, createBudgets } from "../api/budget.ts";
import type { SlackPlace } from "../place.ts";

/**
 * Slack takes 50 edits a minute of a workspace (Tier 3), over all its threads; the rest is for what others do with the same token. Posts: one
 * a second in a channel, with short bursts; answers go before status messages.
 */
const EDITS = { perMinute: 40, burst: 6 };
const POSTS = { perMinute: 60, burst: 8 };
/** Slack says "several hundred a minute" of posts in a workspace. */
const ALL_POSTS = { perMinute: 240, burst: 60 };

/** How fast Slack takes calls of one kind in one place. */
export interface Pace {
  /** Throws a `PlatformError` when there is no room now; urgent calls go first. */
  takeTurn(key: string, urgent: boolean): void;
  /** Makes a call, and heeds what Slack says of its pace. */
  keep<T>(call: () => Promise<T>): Promise<T>;
}

/** The paces of edits and posts, shared by all that is said in a workspace and its channels. */
export function createPaces(clock: Pick<Clock, "now">) {
  const edits = createBudgets({ ...EDITS, clock });
  const posts = createBudgets({ ...POSTS, clock });
  const allPosts = createBudgets({ ...ALL_POSTS, clock });
  return {
    ofEdits: ({ team }: SlackPlace): Pace => paceOf([edits(team)]),
    ofPosts: ({ team, channel }: SlackPlace): Pace =>
      paceOf([posts(`${team}:${channel}`), allPosts(team)]),
  };
}

const paceOf = (budgets: readonly Budget[]): Pace => ({
  takeTurn: (key, urgent) => takeTurn(budgets, key, urgent),
  keep: (call) => pausing(budgets[0], call),
});

/** Waiting is the delivery's: by then it has a newer view to show. */
function takeTurn(budgets: readonly Budget[], key: string, urgent: boolean): void {
  for (const [n, budget] of budgets.entries()) {
    const retryAfterMs = budget.ask(key, urgent);
    if (retryAfterMs === 0) continue;
    for (const granted of budgets.slice(0, n)) granted.giveBack();
    const message = "Slack's limits leave no room for it now.";
    throw new PlatformError("rate_limited", message, { retryAfterMs });
  }
}

/** What Slack refuses to one, it refuses to all: those who can wait do, and a little longer than those who cannot. */
async function pausing<T>(budget: Budget | undefined, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof PlatformError && error.outcome === "rate_limited") {
      budget?.pause((error.retryAfterMs ?? 0) + 500);
    }
    throw error;
  }
}
