import type { App } from "@slack/bolt";
import { z } from "zod";
import type { KeyValues } from "../../../src/adapter-storage.ts";
import { PlatformError } from "../../../src/platform.ts";
import { isRevoked, REMOVED } from "../api/errors.ts";
import { callOnce } from "../api/web-client.ts";
import { Removal } from "../wire/event.ts";
import { type Installed, type Installs, keyOf } from "./installs.ts";

/** Slack gives a channel a new id when it becomes shared. Its threads go on under the new id with the next mention. */
export function reportChangedChannels(app: App, onProblem: (problem: unknown) => void): void {
  app.event("channel_id_changed", async ({ event }) => {
    onProblem(
      new Error(
        `Slack gave the channel ${event.old_channel_id} the new id ${event.new_channel_id}: set its team and its listening mode again.`,
      ),
    );
  });
}

/** Calls `take` when the app was removed or its bot token revoked. Slack sends both events, in any order, and repeats them. */
function listenForRemovals(app: App, take: (removal: Removal) => Promise<void>): void {
  const listener = async ({ body }: { readonly body: unknown }): Promise<void> => {
    const { data } = Removal.safeParse(body);
    const isOfBot = data?.event.type === "app_uninstalled" || data?.event.tokens?.bot?.length;
    if (data && isOfBot) await take(data);
  };
  app.event("app_uninstalled", listener);
  app.event("tokens_revoked", listener);
}

/** Whether Slack accepts a token; undefined: Slack cannot be asked now. */
async function isTokenAlive(apiUrl: string, token: string): Promise<boolean | undefined> {
  try {
    await callOnce({ apiUrl, token, method: "auth.test", answer: z.unknown() });
    return true;
  } catch (error) {
    return isRevoked(error) ? false : undefined;
  }
}

export interface RemovedAppPorts {
  readonly botToken: string;
  readonly apiUrl: string;
  /** Removes a workspace's own API keys. */
  readonly forgetKeys: (team: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  readonly onFatal: (error: unknown) => void;
  readonly onProblem: (problem: unknown) => void;
}

/** For an app with one bot token: calls `onFatal` when that token was revoked or the app removed. */
export function stopWhenRemoved(app: App, ports: RemovedAppPorts): void {
  const { botToken, apiUrl, forgetKeys, wallClock, onFatal, onProblem } = ports;
  const startedAt = wallClock();
  listenForRemovals(app, async (removal) => {
    const isAlive = await isTokenAlive(apiUrl, botToken);
    // Slack repeats an event for minutes: the app may have been installed again, and Parley started with its new token.
    const isLate = isAlive ?? (removal.event_time ?? Infinity) * 1000 < startedAt;
    if (isLate) return;
    if (removal.team_id !== undefined) await forgetKeys(removal.team_id).catch(onProblem);
    onFatal(new PlatformError("rejected", `${REMOVED}.`));
  });
}

export interface RemovedInstallPorts {
  readonly apiUrl: string;
  readonly installs: Installs;
  /** Events that were handled: Slack repeats them for minutes, with Delayed Events for a day. */
  readonly taken: KeyValues;
  /** Removes a workspace's own API keys. */
  readonly forgetKeys: (team: string) => Promise<void>;
  readonly onProblem: (problem: unknown) => void;
}

/** How long an event may be repeated, ms. */
const REPEATED_MS = 25 * 3_600_000;
/** What Slack's clock and this machine's may differ by, ms. */
const SKEW_MS = 60_000;

/**
 * For installations by OAuth: deletes the stored installation and the workspace's own API keys when the app was removed or its bot token
 * revoked. A late event does not delete a newer installation.
 */
export const deleteRemovedInstalls = (app: App, ports: RemovedInstallPorts): void =>
  listenForRemovals(app, (removal) => takeRemoval(ports, removal));

async function takeRemoval(ports: RemovedInstallPorts, removal: Removal): Promise<void> {
  const { taken } = ports;
  const { team_id: team, enterprise_id: enterprise, event_id: id, authorizations } = removal;
  if (id !== undefined && (await taken.get(id)) !== undefined) return;
  const isOrg = team === undefined || authorizations.some((one) => one.is_enterprise_install);
  const key = keyOf(isOrg ? { enterprise } : { team });
  const isRemoved = await removeInstall(ports, removal, key);
  if (isRemoved) await forgetAllKeys(ports, isOrg ? { enterprise } : { team });
  if (id !== undefined) await taken.set(id, true, REPEATED_MS);
}

/** Whether nothing is installed under the key any more. */
async function removeInstall(
  ports: RemovedInstallPorts,
  removal: Removal,
  key: string,
): Promise<boolean> {
  const { installs, onProblem } = ports;
  const { sealed, madeAt } = await installs.sealedAt(key);
  // An earlier removal may have been interrupted before it removed the keys.
  if (sealed === null || madeAt === null) return true;
  if (!(await isOver(ports, removal, key, madeAt))) return false;
  // Keeps an installation that was stored since.
  const isRemoved = await installs.remove(key, sealed);
  if (isRemoved)
    onProblem(new Error(`The app was removed from ${key}: its installation is deleted.`));
  return isRemoved;
}

/** The own keys of every workspace that the removed installation served. */
async function forgetAllKeys(
  { installs, forgetKeys }: RemovedInstallPorts,
  { team, enterprise }: Installed,
): Promise<void> {
  if (team !== undefined) return forgetKeys(team);
  for (const member of await installs.members()) {
    const isServed = (await installs.organisationOf(member)) === enterprise;
    const { sealed: own } = await installs.sealedAt(keyOf({ team: member }));
    if (isServed && own === null) await forgetKeys(member);
  }
}

/** Whether the event is about the installation that is stored, rather than one before it. */
async function isOver(
  { installs, apiUrl }: RemovedInstallPorts,
  { event_time: seconds }: Removal,
  key: string,
  madeAt: number,
): Promise<boolean> {
  const at = seconds === undefined ? undefined : seconds * 1000;
  if (at !== undefined && at < madeAt - SKEW_MS) return false;
  if (at !== undefined && at > madeAt + SKEW_MS) return true;
  // Two clocks cannot decide this: ask Slack.
  const token = await installs.read(key).then(
    (stored) => stored?.installation.bot.token,
    () => undefined,
  );
  const isAlive = token === undefined ? undefined : await isTokenAlive(apiUrl, token);
  // Event times are whole seconds.
  return isAlive === undefined ? at === undefined || at + 999 >= madeAt : !isAlive;
}
