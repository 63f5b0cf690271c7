import type { HeldLock, TakeLock } from "../../../src/adapter-storage.ts";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import { sleep } from "../../../src/timers.ts";
import { slackCodeOf, toPlatformError } from "../api/errors.ts";
import { callOnce } from "../api/web-client.ts";
import type { OAuthSettings } from "../env.ts";
import { RefreshedToken } from "../wire/answers.ts";
import type { Installs, StoredInstallation } from "./installs.ts";

/** Renews tokens that expire: with token rotation, Slack's bot tokens last 12 hours. */
export interface TokenRotation {
  /** The installation with a valid token. Refreshes in the background in time, and waits for the refresh if the token is about to expire. */
  current(stored: StoredInstallation): Promise<StoredInstallation>;
  /** After Slack refused the token: the installation with another one; undefined: there is none. */
  refreshed(stored: StoredInstallation): Promise<StoredInstallation | undefined>;
}

export interface TokenRotationOptions {
  readonly oauth: Pick<OAuthSettings, "clientId" | "clientSecret">;
  readonly apiUrl: string;
  readonly installs: Pick<Installs, "read" | "replace">;
  /** Refresh tokens work once: one process at a time uses an installation's. */
  readonly lock: TakeLock;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  readonly onProblem: (problem: unknown) => void;
}

/** How long before it expires a token is refreshed, s, as Bolt does; short-lived tokens after half of their life. */
const AHEAD_S = 2 * 3_600;
/** A token that expires within this time is not used any more, s. */
const MARGIN_S = 60;
/** The pause after a failed refresh, ms. */
const AGAIN_MS = 10_000;
const MOST_FAILURES = 5_000;
const LOCK_TRIES = 100;
const LOCK_LOOK_MS = 100;

export function createTokenRotation(options: TokenRotationOptions): TokenRotation {
  const { wallClock, clock, onProblem } = options;
  const underWay = new Map<string, Promise<StoredInstallation | undefined>>();
  const failedAt = createBoundedMap<string, number>(MOST_FAILURES);

  /** One refresh at a time, however many calls ask. */
  const refreshed: TokenRotation["refreshed"] = (stored) => {
    const { key } = stored;
    const known = underWay.get(key);
    if (known) return known;
    const work = refreshUnderLock(options, stored).then(
      (next) => {
        failedAt.delete(key);
        return next;
      },
      (error: unknown) => {
        failedAt.set(key, clock.now());
        onProblem(explain(key, error));
        return undefined;
      },
    );
    underWay.set(key, work);
    void work.finally(() => underWay.delete(key));
    return work;
  };

  return {
    async current(stored) {
      const left = lifeOf(stored, wallClock());
      const triedAgo = clock.now() - (failedAt.get(stored.key) ?? -Infinity);
      if (left === "long" || triedAgo < AGAIN_MS) return stored;
      const work = refreshed(stored);
      return left === "some" ? stored : ((await work) ?? stored);
    },
    refreshed: async (stored) =>
      stored.installation.bot.refreshToken === undefined ? undefined : refreshed(stored),
  };
}

/** How much of its life a token has left. */
function lifeOf({ installation }: StoredInstallation, nowMs: number): "long" | "some" | "none" {
  const { refreshToken, expiresAt, refreshedAt } = installation.bot;
  if (refreshToken === undefined || expiresAt === undefined) return "long";
  const left = expiresAt - nowMs / 1000;
  const life = refreshedAt === undefined ? Infinity : expiresAt - refreshedAt;
  if (left > Math.min(AHEAD_S, life / 2)) return "long";
  return left > Math.min(MARGIN_S, life / 4) ? "some" : "none";
}

async function refreshUnderLock(
  options: TokenRotationOptions,
  { key, installation }: StoredInstallation,
): Promise<StoredInstallation | undefined> {
  const { installs } = options;
  const lock = await waitForLock(options, `slack:token:${key}`);
  try {
    const stored = await installs.read(key);
    // Another process was faster, or the app was installed again.
    if (!stored || stored.installation.bot.token !== installation.bot.token) return stored;
    if (lock === null) throw new Error("another process has been refreshing it for too long");
    const { bot } = stored.installation;
    const fresh = await exchange(options, bot.refreshToken ?? "");
    const refreshedAt = Math.floor(options.wallClock() / 1000);
    const next = {
      ...stored.installation,
      bot: {
        ...bot,
        token: fresh.access_token,
        refreshToken: fresh.refresh_token ?? bot.refreshToken,
        expiresAt: fresh.expires_in === undefined ? undefined : refreshedAt + fresh.expires_in,
        refreshedAt,
      },
    };
    // Meanwhile the app was installed again, or the row encrypted again.
    return (await installs.replace(stored, next)) ?? (await storeAgain(installs, stored, next));
  } finally {
    await lock?.release();
  }
}

/** Stores the fresh token in a row that was only encrypted again; a new installation stays. */
async function storeAgain(
  installs: TokenRotationOptions["installs"],
  { key, installation }: StoredInstallation,
  next: StoredInstallation["installation"],
): Promise<StoredInstallation | undefined> {
  const stored = await installs.read(key);
  if (stored?.installation.bot.token !== installation.bot.token) return stored;
  return (await installs.replace(stored, next)) ?? (await installs.read(key));
}

/** null: another process held the lock too long. */
async function waitForLock(
  { lock, clock }: TokenRotationOptions,
  name: string,
): Promise<HeldLock | null> {
  for (let tries = 1; ; tries++) {
    const held = await lock(name);
    if (held || tries === LOCK_TRIES) return held;
    await sleep(clock, LOCK_LOOK_MS);
  }
}

const exchange = (
  { oauth, apiUrl }: TokenRotationOptions,
  refreshToken: string,
): Promise<RefreshedToken> =>
  callOnce({
    apiUrl,
    token: undefined,
    method: "oauth.v2.access",
    args: {
      client_id: oauth.clientId,
      client_secret: oauth.clientSecret,
      grant_type: "refresh_token",
      refresh_token: refreshToken,
    },
    answer: RefreshedToken,
  });

function explain(key: string, cause: unknown): Error {
  const isDead = /^(invalid_refresh_token|token_revoked|account_inactive|invalid_auth)$/.test(
    slackCodeOf(cause) ?? "",
  );
  const { message } = toPlatformError(cause, "oauth.v2.access", "oauth");
  const mend = isDead ? " The app has to be installed there again, at /slack/install." : "";
  return new Error(`The bot token of ${key} could not be refreshed: ${message}${mend}`, { cause });
}
