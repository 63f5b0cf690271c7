import type { Clock } from "../../../src/clock.ts";
import type { IncomingMessage, Rights } from "../../../src/platform.ts";
import { withTimeout } from "../../../src/timers.ts";
import type { FileHosts } from "../threads/attached-files.ts";
import { lookUp } from "../people/look-up.ts";
import { isExternal, type Origin, originOfAuthor } from "../people/origin.ts";
import type { People, SlackUser } from "../people/people.ts";
import { NO_RIGHTS, type RightsOf } from "../people/rights.ts";
import { conversationOf } from "../place.ts";
import { readMessage } from "../threads/read-message.ts";
import type { Workspace } from "../workspaces.ts";
import type { EventEnvelope } from "../wire/event.ts";
import type { Said } from "./parse-event.ts";

export interface IncomingPorts {
  readonly people: People;
  readonly rightsOf: RightsOf;
  readonly hosts: FileHosts;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** Whether people of other organisations, and guests, are answered. */
  readonly external: "answer" | "ignore";
  readonly guests: "answer" | "ignore";
}

/** How long names and rights may take: Slack wants its answer within 3 s of the event, and the claim comes first, ms. */
const LOOK_UP_MS = 700;

/** A message with all that the workspace knows of its author. Never rejects: what cannot be found out in time is left out. */
export async function incomingOf(
  ports: IncomingPorts,
  workspace: Workspace,
  { message, channel, thread, addressed }: Said,
  envelope?: EventEnvelope,
): Promise<IncomingMessage> {
  const [known, standing] = await Promise.all([
    lookUp(ports, workspace, [message], LOOK_UP_MS),
    rightsIn(ports, workspace, message.user),
  ]);
  const read = readMessage(message, {
    workspace,
    known,
    hosts: ports.hosts,
    otherwiseAt: ports.wallClock(),
  });
  const author = known.users.get(message.user ?? "");
  const kinds = kindsOf(originOfAuthor(workspace, message, envelope), author);
  const isIgnored = isIgnoredAs(ports, kinds);
  return {
    ...read,
    conversation: conversationOf({ team: workspace.team, channel, thread }),
    addressed: isIgnored ? "none" : addressed,
    level: standing.level,
    groups: [...standing.groups, ...kinds],
  };
}

/** Whether people of such kinds get no answer. */
export const isIgnoredAs = (
  ports: Pick<IncomingPorts, "external" | "guests">,
  kinds: ReturnType<typeof kindsOf>,
): boolean => kinds.some((kind) => ports[kind === "guest" ? "guests" : kind] === "ignore");

/** "external" and "guest" can stand in access lists like any group. Who cannot be told from an outsider in a shared channel counts as one. */
export const kindsOf = (
  origin: Origin,
  known: SlackUser | undefined,
): readonly ("external" | "guest")[] => [
  ...((isExternal(origin, known) ?? true) ? ["external" as const] : []),
  ...(known?.isGuest ? ["guest" as const] : []),
];

/** The rights of a user, or none when they cannot be found out in time. */
export async function rightsIn(
  { rightsOf, clock }: Pick<IncomingPorts, "rightsOf" | "clock">,
  workspace: Workspace,
  user: string | undefined,
): Promise<Rights> {
  if (user === undefined) return NO_RIGHTS;
  const asked = rightsOf(workspace, user).catch(() => NO_RIGHTS);
  return (await withTimeout(clock, LOOK_UP_MS, asked)) ?? NO_RIGHTS;
}
