import { commandIn } from "../commands/parse/command-words.ts";
import { parseCommand } from "../commands/parse/parse-command.ts";
import type { IncomingMessage } from "../platform.ts";
import type { Store } from "../store/store.ts";
import { typed } from "../text/spelling.ts";

/** What to write instead of "!listen thread" in a thread where Parley answers only to its name; null: the message is nothing like that. */
export async function unheardListen(
  { store }: { readonly store: Pick<Store, "turns"> },
  { addressed, conversation, text }: IncomingMessage,
): Promise<string | null> {
  const words = addressed === "thread" ? commandIn(text) : null;
  if (words === null || parseCommand(words).name !== "listen") return null;
  const isPart = (await store.turns.recent(conversation, 1)).length > 0;
  return isPart ? `In this thread Parley answers only to its name. Write ${typed(words)}.` : null;
}
