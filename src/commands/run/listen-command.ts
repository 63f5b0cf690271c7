import { parseConversationId } from "../../ids.ts";
import type { Scope } from "../../teams/bindings.ts";
import type { ListeningMode, ResolvedListening } from "../../teams/listening.ts";
import { privately, publicly } from "./compose-reply.ts";
import { formatSigner, HERE } from "./describe-team.ts";
import type { Asker, CommandPorts } from "../ports.ts";
import type { CommandReply } from "../../reply.ts";
import { signedBy } from "./team-commands.ts";

/** The messages that Parley answers in each mode. */
export const ANSWERED: Readonly<Record<ListeningMode, string>> = {
  mention: "only messages that mention Parley",
  thread: "replies in its threads, and messages that mention it",
  always: "every message, except those addressed to someone else",
};

const formatWhy = ({ because, by }: ResolvedListening): string =>
  because === "default" ? "the default" : `chosen for ${HERE[because]}${formatSigner(by)}`;

/** `listen`. */
export async function listenHere(
  { listening }: Pick<CommandPorts, "listening">,
  asker: Asker,
  { mode, scope }: { readonly mode: ListeningMode | "reset" | null; readonly scope: Scope },
): Promise<CommandReply> {
  const place = parseConversationId(asker.conversation);
  if (mode !== null) {
    await listening.use(place, scope, mode === "reset" ? null : mode, signedBy(asker));
  }
  const here = await listening.resolve(place);
  const line = `Parley answers ${ANSWERED[here.mode]} (${formatWhy(here)}). It always answers direct messages.`;
  return mode === null
    ? privately(`Listening mode: ${here.mode}`, [line])
    : publicly(`Listening mode changed for ${HERE[scope]}`, [line]);
}
