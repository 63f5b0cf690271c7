import type { IncomingMessage } from "../../../src/platform.ts";
import { type AskerPorts, isIgnoredAs, kindsOf, rightsIn } from "../people/asker.ts";
import { lookUp } from "../people/look-up.ts";
import { originOfAuthor } from "../people/origin.ts";
import { conversationOf } from "../place.ts";
import type { FileHosts } from "../threads/attached-files.ts";
import { readMessage } from "../threads/read-message.ts";
import type { EventEnvelope } from "../wire/event.ts";
import type { Workspace } from "../workspaces.ts";
import type { AddressedMessage } from "./parse-event.ts";

export interface IncomingPorts extends AskerPorts {
  readonly hosts: FileHosts;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** How long names may take, ms: Slack expects the acknowledgement within 3 s, and the message is stored before. */
const LOOK_UP_MS = 700;

/** A message with what the workspace knows of its author. Never rejects: what Slack does not say in time is left out. */
export async function incomingOf(
  ports: IncomingPorts,
  workspace: Workspace,
  { message, channel, thread, addressed }: AddressedMessage,
  envelope?: EventEnvelope,
): Promise<IncomingMessage> {
  const [known, rights] = await Promise.all([
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
  const isIgnored = isIgnoredAs(ports.audience, kinds);
  return {
    ...read,
    conversation: conversationOf({ team: workspace.team, channel, thread }),
    addressed: isIgnored ? "none" : addressed,
    level: rights.level,
    groups: [...rights.groups, ...kinds],
  };
}
