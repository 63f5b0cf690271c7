import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";
import {
  findInstallation,
  type Installation,
  type Installs,
  MEND_SEALED,
  type StoredInstallation,
  teamOfKey,
  workspaceOf,
} from "./installs.ts";
import type { TokenRotation } from "./token-rotation.ts";

export interface InstalledWorkspaces extends Workspaces {
  /** After Slack refused the workspace's token: the workspace with another token; undefined: there is none. */
  renewed(workspace: Workspace): Promise<Workspace | undefined>;
  /** Drops what is cached of a team's installation; undefined: of all. */
  forget(team: string | undefined): void;
}

/** How long a found installation, and a missing one, stay cached, ms. The store announces changes. */
const FOUND_MS = 5 * 60_000;
const MISSING_MS = 1_000;
const MOST = 20_000;

interface LookedUp {
  readonly found: Promise<StoredInstallation | undefined>;
  until: number;
}

export interface InstalledOptions {
  readonly installs: Installs;
  readonly rotation: TokenRotation;
  readonly allowed: AllowedTeams;
  readonly clock: Pick<Clock, "now">;
  readonly onProblem: (problem: unknown) => void;
}

/** The workspaces that installed the app by OAuth. */
export function createInstalledWorkspaces(options: InstalledOptions): InstalledWorkspaces {
  const { installs, rotation, allowed, onProblem } = options;
  const cache = createCache(options);
  const serve = async (team: string, stored: StoredInstallation | undefined) => {
    if (!stored || !allowed.allows(stored.installation, team)) return undefined;
    return workspaceOf((await rotation.current(stored)).installation, team);
  };
  const find = async (team: string, enterprise?: string) =>
    serve(team, await cache.find(team, enterprise));

  return {
    async open() {
      await installs.onChange((key) => cache.forget(key === null ? undefined : teamOfKey(key)));
      await reportUnserved(options);
      installs.reseal().catch(onProblem);
    },
    of: find,
    async renewed({ team, enterprise, token }) {
      cache.forget(team);
      const stored = await cache.find(team, enterprise);
      if (!stored || stored.installation.bot.token !== token) return serve(team, stored);
      return serve(team, await rotation.refreshed(stored));
    },
    async all() {
      const { installations } = await installs.list();
      const own = installations.flatMap(ownTeam);
      // An organisation's workspaces are known by the events that they sent.
      const teams = new Set([...own, ...(await installs.members())]);
      const found = await Promise.allSettled([...teams].map((team) => find(team)));
      return found.flatMap((one) => (one.status === "fulfilled" && one.value ? [one.value] : []));
    },
    forget: (team) => cache.forget(team),
  };
}

function createCache({ installs, clock }: Pick<InstalledOptions, "installs" | "clock">) {
  const known = createBoundedMap<string, LookedUp>(MOST);
  const look = (team: string, enterprise: string | undefined): LookedUp => {
    const entry: LookedUp = {
      found: findInstallation(installs, { team, enterprise }),
      until: clock.now() + FOUND_MS,
    };
    entry.found.then(
      (stored) => {
        if (!stored) entry.until = clock.now() + MISSING_MS;
      },
      () => {
        if (known.get(team) === entry) known.delete(team);
      },
    );
    known.set(team, entry);
    return entry;
  };
  return {
    find(team: string, enterprise?: string) {
      const entry = known.get(team);
      const isFresh = entry !== undefined && clock.now() < entry.until;
      return (isFresh ? entry : look(team, enterprise)).found;
    },
    forget(team: string | undefined) {
      if (team === undefined) known.clear();
      else known.delete(team);
    },
  };
}

/** An organisation's installation belongs to no single workspace. */
const ownTeam = ({ team, isEnterpriseInstall }: Installation): readonly string[] =>
  team && !isEnterpriseInstall ? [team.id] : [];

/** Reports the stored installations that are not served; the others go on. */
async function reportUnserved({ installs, allowed, onProblem }: InstalledOptions): Promise<void> {
  const { installations, unreadable } = await installs.list();
  if (unreadable.length > 0) {
    const of = `${unreadable.length} of ${unreadable.length + installations.length}`;
    onProblem(
      new Error(
        `${of} stored Slack installations cannot be opened and are not served (${unreadable.join(", ")}): ${MEND_SEALED}.`,
      ),
    );
  }
  const refused = installations.filter((one) => !allowed.allows(one, one.team?.id));
  if (refused.length > 0) {
    const names = refused.map(({ team, enterprise }) => team?.id ?? enterprise?.id);
    onProblem(
      new Error(
        `Some stored Slack installations are not in SLACK_ALLOWED_TEAMS and are not served: ${names.join(", ")}.`,
      ),
    );
  }
}

/** Who may install the app: SLACK_ALLOWED_TEAMS. */
export interface AllowedTeams {
  /** Whether the address of a workspace decides. */
  readonly hasDomains: boolean;
  /** `team`: the workspace that is served by an organisation's installation. An unknown address is no reason to refuse. */
  allows(installation: Installation, team?: string): boolean;
}

/** Ids of workspaces (T…) and organisations (E…). */
const ID = /^[TE][A-Z0-9]+$/;

/** "acme", "acme.slack.com" and "https://acme.slack.com/" are the same; an empty list allows everybody. */
export function createAllowedTeams(list: readonly string[]): AllowedTeams {
  const ids = new Set(list.filter((entry) => ID.test(entry)));
  const domains = new Set(list.filter((entry) => !ID.test(entry)).map(hostIn));
  const hasDomain = (host: string): boolean =>
    domains.has(host) || domains.has(host.split(".", 1)[0] ?? "");
  return {
    hasDomains: domains.size > 0,
    allows({ team, enterprise, isEnterpriseInstall, host }, served) {
      if (list.length === 0) return true;
      const own = isEnterpriseInstall ? served : team?.id;
      if ([own, enterprise?.id].some((id) => id !== undefined && ids.has(id))) return true;
      return domains.size > 0 && (host === undefined || hasDomain(host));
    },
  };
}

/** The host of an address, in lower case. */
export const hostIn = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/[/?#].*$/s, "");
