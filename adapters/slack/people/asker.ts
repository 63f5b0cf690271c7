import type { Clock } from "../../../src/clock.ts";
import { refused } from "../../../src/commands/run/compose-reply.ts";
import type { Person, Rights } from "../../../src/platform.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { withTimeout } from "../../../src/timers.ts";
import type { Workspace } from "../workspaces.ts";
import { lookUp } from "./look-up.ts";
import { type Audience, isExternal, type Origin } from "./origin.ts";
import type { People, SlackUser } from "./people.ts";
import { NO_RIGHTS, type RightsOf } from "./rights.ts";

/** Somebody who does something, and where they belong as far as Slack said with it. */
export interface Actor {
  readonly user: string;
  readonly origin: Origin;
}

/** An actor with name and rights, and the reason why Parley refuses them. */
export interface Asker extends Rights {
  readonly person: Person;
  readonly refusal: CommandReply | undefined;
}

export interface AskerPorts {
  readonly people: People;
  readonly rightsOf: RightsOf;
  readonly clock: Clock;
  readonly audience: Audience;
}

const NAME_MS = 1_000;
/** How long rights may take, ms: Slack expects the acknowledgement within 3 s, and the event is stored before. */
const RIGHTS_MS = 700;

/** What the workspace says in time of somebody who does something. Never rejects. */
export async function askerOf(
  ports: AskerPorts,
  workspace: Workspace,
  { user, origin }: Actor,
): Promise<Asker> {
  const { audience } = ports;
  if (origin === "outside" && audience.external === "ignore")
    return { ...NO_RIGHTS, person: personOf(user), refusal: MEMBERS_ONLY };
  const [rights, { users }] = await Promise.all([
    rightsIn(ports, workspace, user),
    lookUp(ports, workspace, [{ user, text: "", files: [] }], NAME_MS),
  ]);
  const known = users.get(user);
  const isOutsider = isExternal(origin, known);
  return {
    level: rights.level,
    groups: [...rights.groups, ...kindsOf(origin, known)],
    person: personOf(user, known?.name),
    refusal: refusalOf(audience, { isOutsider, isGuest: known?.isGuest }),
  };
}

/** Why somebody may not be shown anything. Looks nobody up where the answer cannot depend on it. Never rejects. */
export async function refusalFor(
  ports: AskerPorts,
  workspace: Workspace,
  actor: Actor,
): Promise<CommandReply | undefined> {
  if (actor.origin === "inside" && ports.audience.guests === "answer") return undefined;
  return (await askerOf(ports, workspace, actor)).refusal;
}

const personOf = (id: string, name = id): Person => ({ id, name, kind: "person" });

const MEMBERS_ONLY = refused("Parley answers members of this workspace only", []);
const UNDECIDED = refused(
  "Slack did not say in time whether you belong to this workspace. Please try again in a moment",
  [],
);

/** `isOutsider` undefined: Slack did not say in time. */
function refusalOf(
  { external, guests }: Audience,
  { isOutsider, isGuest }: { isOutsider: boolean | undefined; isGuest: boolean | undefined },
): CommandReply | undefined {
  const isOut = (isOutsider && external === "ignore") || (isGuest && guests === "ignore");
  if (isOut) return MEMBERS_ONLY;
  return isOutsider === undefined && external === "ignore" ? UNDECIDED : undefined;
}

/** Whether people of these kinds get no answer. */
export const isIgnoredAs = (audience: Audience, kinds: ReturnType<typeof kindsOf>): boolean =>
  kinds.some((kind) => audience[kind === "guest" ? "guests" : kind] === "ignore");

/** Access lists can name "external" and "guest" like any group. People of a shared channel whose organisation is unknown count as external. */
export const kindsOf = (
  origin: Origin,
  known: SlackUser | undefined,
): readonly ("external" | "guest")[] => [
  ...((isExternal(origin, known) ?? true) ? ["external" as const] : []),
  ...(known?.isGuest ? ["guest" as const] : []),
];

/** The rights of a user; none where Slack does not say in time. */
export async function rightsIn(
  { rightsOf, clock }: Pick<AskerPorts, "rightsOf" | "clock">,
  workspace: Workspace,
  user: string | undefined,
): Promise<Rights> {
  if (user === undefined) return NO_RIGHTS;
  const asked = rightsOf(workspace, user).catch(() => NO_RIGHTS);
  return (await withTimeout(clock, RIGHTS_MS, asked)) ?? NO_RIGHTS;
}
