import type { Installation } from "./installs.ts";

/** Who may install the app: SLACK_ALLOWED_TEAMS. */
export interface AllowedTeams {
  /** Whether the address of a workspace decides. */
  readonly hasDomains: boolean;
  /** `team`: the workspace that is served, of an organisation's installation. One whose address is not known is not refused for it. */
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
