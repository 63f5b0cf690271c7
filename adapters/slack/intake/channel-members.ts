import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import type { Clients } from "../api/clients.ts";
import { slackCodeOf, toPlatformError } from "../api/errors.ts";
import { callOnce } from "../api/web-client.ts";
import { ChannelMembership, EventAuthorizations } from "../wire/answers.ts";
import type { EventEnvelope } from "../wire/event.ts";
import type { Workspace } from "../workspaces.ts";

/** The teams of all installations that may see an event; undefined: Slack cannot be asked. Never rejects. */
export type ListAuthorizations = (eventContext: string) => Promise<readonly string[] | undefined>;

const METHOD = "apps.event.authorizations.list";

/** Asks with the app-level token, which needs the scope `authorizations:read`. A token that may not ask is not used again. */
export function createListAuthorizations(
  { apiUrl, appToken: token }: { readonly apiUrl: string; readonly appToken: string },
  onProblem: (problem: unknown) => void,
): ListAuthorizations {
  const state = { isRefused: false };
  return async (context) => {
    if (state.isRefused) return undefined;
    try {
      const args = { event_context: context };
      const call = { apiUrl, token, method: METHOD, args, answer: EventAuthorizations };
      return (await callOnce(call)).authorizations.flatMap(({ team_id: team }) => team ?? []);
    } catch (error) {
      state.isRefused = slackCodeOf(error) !== undefined;
      if (state.isRefused) onProblem(new Error(REFUSED, { cause: error }));
      else onProblem(toPlatformError(error, METHOD));
      return undefined;
    }
  };
}

const REFUSED =
  "In shared channels Parley must ask each workspace whether it is a member. Give the app-level token (SLACK_APP_TOKEN) the scope authorizations:read, and one call is enough.";

/** Which of some installed workspaces have their bot in the channel of an event. `named`: those whose bot the message mentions. */
export type ChannelMembers = (
  envelope: EventEnvelope,
  channel: string,
  which: { readonly others: readonly Workspace[]; readonly named: readonly Workspace[] },
) => Promise<readonly Workspace[]>;

export interface ChannelMembersPorts {
  readonly clients: (workspace: Workspace) => Pick<Clients, "reading">;
  readonly clock: Pick<Clock, "now">;
  /** Absent: there is no app-level token. */
  readonly listAuthorizations?: ListAuthorizations | undefined;
}

/** How long the answer for a channel holds, ms. */
const MEMBERS_MS = 60_000;
const MOST_CHANNELS = 5_000;

interface Members {
  readonly until: number;
  readonly teams: ReadonlySet<string>;
}

/** Asks Slack for the list; where that is not possible, asks each workspace about the channel. */
export function createChannelMembers(ports: ChannelMembersPorts): ChannelMembers {
  const { clients, clock, listAuthorizations } = ports;
  const known = createBoundedMap<string, Members>(MOST_CHANNELS);
  const sees = (workspace: Workspace, channel: string): Promise<boolean> =>
    clients(workspace)
      .reading.call("conversations.info", { channel }, ChannelMembership)
      .then(
        ({ channel: { is_member: isMember } }) => isMember !== false,
        () => false,
      );
  const look = async (
    context: string | undefined,
    channel: string,
    others: readonly Workspace[],
  ): Promise<ReadonlySet<string>> => {
    const listed = context === undefined ? undefined : await listAuthorizations?.(context);
    if (listed) return new Set(listed);
    const seen = await Promise.all(others.map((one) => sees(one, channel)));
    return new Set(others.flatMap(({ team }, n) => (seen[n] ? [team] : [])));
  };
  return async ({ event_context: context }, channel, { others, named }) => {
    const entry = known.get(channel);
    // A workspace that is named may have joined just now.
    const hasNamed = named.every(({ team }) => entry?.teams.has(team));
    const isFresh = entry !== undefined && clock.now() < entry.until && hasNamed;
    const teams = isFresh ? entry.teams : await look(context, channel, others);
    if (!isFresh) known.set(channel, { until: clock.now() + MEMBERS_MS, teams });
    return others.filter(({ team }) => teams.has(team));
  };
}
