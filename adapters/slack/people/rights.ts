import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import type { Rights } from "../../../src/platform.ts";
import type { Clients } from "../api/clients.ts";
import { slackCodeOf } from "../api/errors.ts";
import { UserGroups } from "../wire/answers.ts";
import type { Workspace } from "../workspaces.ts";
import type { People } from "./people.ts";

/** What a user may do in a workspace. Rejects where Slack does not say. */
export type RightsOf = (workspace: Workspace, user: string) => Promise<Rights>;

export const NO_RIGHTS: Rights = { level: "everyone", groups: [] };

export interface RightsOptions {
  readonly people: People;
  readonly clients: (workspace: Workspace) => Clients;
  readonly clock: Pick<Clock, "now">;
  /** Ids of users and user groups. */
  readonly admins: readonly string[];
  readonly onProblem: (problem: unknown) => void;
}

/** How long a workspace's user groups are cached, ms: after a read, after a failure, and without the scope. */
const FRESH_MS = 10 * 60_000;
const FAILED_MS = 60_000;
const FORBIDDEN_MS = 60 * 60_000;
const MOST_WORKSPACES = 5_000;

interface Memberships {
  readonly groupsOf: Promise<ReadonlyMap<string, readonly string[]>>;
  until: number;
}

/**
 * Admins are the workspace's own admins and owners, and everybody whom SLACK_ADMINS names, directly or by a user group. Being an admin
 * elsewhere gives guests and people of other organisations no rights here.
 */
export function createRightsOf(options: RightsOptions): RightsOf {
  const groups = createMemberships(options);
  return async (workspace, user) => {
    const [known, ofUser] = await Promise.all([
      options.people.user(workspace, user),
      groups(workspace, user),
    ]);
    const isNamed = [user, ...ofUser].some((id) => options.admins.includes(id));
    const isHome = known !== undefined && !known.isExternal && !known.isGuest;
    const level = isNamed || (isHome && known.isAdmin) ? "admin" : "everyone";
    return { level, groups: ofUser };
  };
}

/** The user groups of a user; none where Slack does not say. */
function createMemberships({ clients, clock, onProblem }: RightsOptions) {
  const known = createBoundedMap<string, Memberships>(MOST_WORKSPACES);
  const fetch = (workspace: Workspace): Memberships => {
    const read = readGroups(clients(workspace));
    const memberships: Memberships = {
      until: clock.now() + FRESH_MS,
      groupsOf: read.catch((problem: unknown) => {
        const isForbidden = slackCodeOf(problem) === "missing_scope";
        memberships.until = clock.now() + (isForbidden ? FORBIDDEN_MS : FAILED_MS);
        onProblem(problem);
        return new Map();
      }),
    };
    known.set(workspace.team, memberships);
    return memberships;
  };
  return async (workspace: Workspace, user: string): Promise<readonly string[]> => {
    const last = known.get(workspace.team);
    const memberships = last && clock.now() < last.until ? last : fetch(workspace);
    return (await memberships.groupsOf).get(user) ?? [];
  };
}

async function readGroups({ reading }: Clients): Promise<ReadonlyMap<string, readonly string[]>> {
  const { usergroups } = await reading.call("usergroups.list", { include_users: true }, UserGroups);
  const groupsOf = new Map<string, string[]>();
  for (const { id, users = [] } of usergroups) {
    for (const user of users) groupsOf.set(user, [...(groupsOf.get(user) ?? []), id]);
  }
  return groupsOf;
}
