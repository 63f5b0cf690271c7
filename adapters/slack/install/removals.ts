import { type App, webApi } from "@slack/bolt";
import { z } from "zod";
import type { KeyValues } from "../../../src/adapter-storage.ts";
import { webClientOptions } from "../api/clients.ts";
import { isRevoked } from "../api/slack-failure.ts";
import { type Installed, type Installs, keyOf } from "./installs.ts";

const word = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((value) => value || undefined);

/** `app_uninstalled` and `tokens_revoked`. */
const Removal = z.object({
  team_id: word,
  enterprise_id: word,
  event_id: word,
  /** Seconds since the epoch. */
  event_time: z.number().optional().catch(undefined),
  authorizations: z
    .array(z.object({ is_enterprise_install: z.boolean().nullish().catch(undefined) }))
    .catch([]),
  event: z.object({
    type: z.string(),
    tokens: z
      .object({ bot: z.array(z.string()).optional() })
      .optional()
      .catch(undefined),
  }),
});
export type Removal = z.infer<typeof Removal>;

/** What an event says was taken away; undefined: nothing that Parley needs. */
export function parseRemoval(body: unknown): Removal | undefined {
  const { data } = Removal.safeParse(body);
  if (!data) return undefined;
  const isOfBot = data.event.type === "app_uninstalled" || data.event.tokens?.bot?.length;
  return isOfBot ? data : undefined;
}

/** Whether Slack takes a token; undefined: Slack cannot be asked now. */
export async function isTokenAlive(apiUrl: string, token: string): Promise<boolean | undefined> {
  try {
    await new webApi.WebClient(token, webClientOptions(apiUrl)).apiCall("auth.test");
    return true;
  } catch (error) {
    return isRevoked(error) ? false : undefined;
  }
}

export interface RemovalPorts {
  readonly apiUrl: string;
  readonly installs: Installs;
  /** Events that were taken: Slack repeats them for minutes, with Delayed Events for a day. */
  readonly taken: KeyValues;
  /** Removes a workspace's own API keys. */
  readonly forgetKeys: (team: string) => Promise<void>;
  readonly onProblem: (problem: unknown) => void;
}

/** How long an event may be repeated, ms. */
const REPEATED_MS = 25 * 3_600_000;
/** What Slack's clock and this machine's may differ by, ms. */
const SKEW_MS = 60_000;

/** Deletes an installation and the workspace's own API keys when the app was removed or its bot token revoked; a late event does not delete a newer installation. */
export function listenForRemovals(app: App, ports: RemovalPorts): void {
  const take = async ({ body }: { readonly body: unknown }): Promise<void> => {
    const removal = parseRemoval(body);
    if (removal) await takeRemoval(ports, removal);
  };
  app.event("app_uninstalled", take);
  app.event("tokens_revoked", take);
}

async function takeRemoval(ports: RemovalPorts, removal: Removal): Promise<void> {
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
async function removeInstall(ports: RemovalPorts, removal: Removal, key: string): Promise<boolean> {
  const { installs, onProblem } = ports;
  const { sealed, madeAt } = await installs.sealedAt(key);
  // The keys may be left of a removal that was broken off.
  if (sealed === null || madeAt === null) return true;
  if (!(await isOver(ports, removal, key, madeAt))) return false;
  // Not one that was stored since.
  const isRemoved = await installs.remove(key, sealed);
  if (isRemoved)
    onProblem(new Error(`The app was removed from ${key}: its installation is deleted.`));
  return isRemoved;
}

/** The own keys of every workspace that the removed installation served. */
async function forgetAllKeys(
  { installs, forgetKeys }: RemovalPorts,
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
  { installs, apiUrl }: RemovalPorts,
  { event_time: seconds }: Removal,
  key: string,
  madeAt: number,
): Promise<boolean> {
  const at = seconds === undefined ? undefined : seconds * 1000;
  if (at !== undefined && at < madeAt - SKEW_MS) return false;
  if (at !== undefined && at > madeAt + SKEW_MS) return true;
  // Too close to tell by two clocks.
  const token = await installs.read(key).then(
    (stored) => stored?.installation.bot.token,
    () => undefined,
  );
  const isAlive = token === undefined ? undefined : await isTokenAlive(apiUrl, token);
  // An event tells whole seconds.
  return isAlive === undefined ? at === undefined || at + 999 >= madeAt : !isAlive;
}
