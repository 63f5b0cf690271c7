import { parseConversationId } from "../ids.ts";
import type { Scope } from "../teams/bindings.ts";
import type { ListeningMode, ResolvedListening } from "../teams/listening.ts";
import { plain, privately, publicly } from "./compose-reply.ts";
import { HERE } from "./describe-team.ts";
import type { Asker, CommandPorts } from "./ports.ts";
import type { CommandReply } from "../reply.ts";
import { whoIs } from "./team-commands.ts";

/** What each mode answers. */
export const ANSWERED: Readonly<Record<ListeningMode, string>> = {
  mention: "only messages that name Parley",
  thread: "replies in threads that Parley is part of, and messages that name it",
  always: "every message, unless it is meant for somebody else",
};

const formatWhy = ({ because, by }: ResolvedListening): string =>
  because === "default"
    ? "the default"
    : `chosen for ${HERE[because]}${by === null ? "" : ` by ${plain(by)}`}`;

/** `listen`. */
export async function listenHere(
  { listening }: Pick<CommandPorts, "listening">,
  asker: Asker,
  { mode, scope }: { readonly mode: ListeningMode | "reset" | null; readonly scope: Scope },
): Promise<CommandReply> {
  const place = parseConversationId(asker.conversation);
  if (mode !== null) {
    await listening.use(place, scope, mode === "reset" ? null : mode, whoIs(asker));
  }
  const here = await listening.resolve(place);
  const line = `Answered are ${ANSWERED[here.mode]} (${formatWhy(here)}). Private messages always are.`;
  return mode === null
    ? privately(`Parley listens here in the mode ${here.mode}`, [line])
    : publicly(`Parley listens anew in ${HERE[scope]}`, [line]);
}
