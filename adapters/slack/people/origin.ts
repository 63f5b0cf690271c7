import type { EventEnvelope } from "../wire/event.ts";
import type { Interaction, SlashCommand } from "../wire/interaction.ts";
import type { SlackMessage } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";
import type { SlackUser } from "./people.ts";

/**
 * Whether a person belongs to the workspace or its Enterprise Grid organisation, as far as the payload says. "presumed": the payload names
 * the workspace, but not as the person's own.
 */
export type Origin = "inside" | "presumed" | "outside" | "unknown";

/** Whether Parley answers people of other organisations, and guests. */
export interface Audience {
  readonly external: "answer" | "ignore";
  readonly guests: "answer" | "ignore";
}

/** Whether a person is of another organisation, by Slack Connect; undefined: neither the payload nor a look-up says. */
export function isExternal(
  origin: Origin,
  known: Pick<SlackUser, "isExternal"> | undefined,
): boolean | undefined {
  if (origin === "outside") return true;
  if (origin === "inside") return false;
  return known?.isExternal ?? (origin === "presumed" ? false : undefined);
}

interface Home {
  /** The person's own workspace, or organisation. */
  readonly team: string | undefined;
  /** The organisation of that workspace. */
  readonly enterprise: string | undefined;
}

function originOf(
  { team: own, enterprise, organisation = enterprise }: Workspace,
  { team, enterprise: of }: Home,
): Origin {
  if (team === undefined) return "unknown";
  if (team === own || team === organisation) return "inside";
  if (organisation === undefined) return "outside";
  // Colleagues belong to other workspaces of the organisation.
  if (of === undefined) return "unknown";
  return of === organisation ? "inside" : "outside";
}

/** The fields of a payload that say something about its channel. */
interface Beside {
  readonly is_ext_shared_channel?: boolean | undefined;
}

/** In a channel that is not shared, hardly anybody is from another organisation. */
const inChannel = ({ is_ext_shared_channel: isShared }: Beside, origin: Origin): Origin =>
  isShared === false && origin === "unknown" ? "presumed" : origin;

/** The origin of a message's author. Slack does not always name the organisation of their workspace. */
export function originOfAuthor(
  workspace: Workspace,
  { user_team: user, source_team: source, team: named }: SlackMessage,
  envelope: Beside & Pick<Partial<EventEnvelope>, "team_id" | "enterprise_id"> = {},
): Origin {
  const team = user ?? source ?? named;
  const enterprise = team === envelope.team_id ? envelope.enterprise_id : undefined;
  const isOwn = user !== undefined || source !== undefined;
  const home = { team, enterprise };
  const origin = isOwn ? originOf(workspace, home) : presumed(workspace, home);
  const isPresumed = origin === "unknown" && envelope.is_ext_shared_channel !== true;
  return isPresumed ? "presumed" : origin;
}

/** The origin of the person behind an event that does not name their workspace. */
export const originInChannel = (envelope: EventEnvelope): Origin => inChannel(envelope, "unknown");

/** The origin of a person who clicks, submits a form or uses a shortcut. */
export function originOfClick(workspace: Workspace, interaction: Interaction): Origin {
  const { user, team } = interaction;
  if (user.team_id === undefined)
    return inChannel(
      interaction,
      presumed(workspace, { team: team?.id, ...organisationIn(interaction) }),
    );
  // The organisation belongs to the team of the payload, which need not be the person's.
  const isOwn = user.enterprise_id !== undefined || user.team_id === team?.id;
  const home = {
    team: user.team_id,
    enterprise: undefined,
    ...(isOwn && organisationIn(interaction)),
  };
  return inChannel(interaction, originOf(workspace, home));
}

const organisationIn = ({ user, team, enterprise }: Interaction): Pick<Home, "enterprise"> => ({
  enterprise: user.enterprise_id ?? team?.enterprise_id ?? enterprise?.id,
});

/** For payloads that name the workspace of the action, which need not be the person's. */
function presumed(workspace: Workspace, home: Home): Origin {
  const origin = originOf(workspace, home);
  return origin === "inside" ? "presumed" : origin;
}

/** The origin of a person who uses a slash command. */
export const originOfSlash = (workspace: Workspace, slash: SlashCommand): Origin =>
  inChannel(slash, presumed(workspace, { team: slash.team_id, enterprise: slash.enterprise_id }));
