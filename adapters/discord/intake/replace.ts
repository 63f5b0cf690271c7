import type { Intake } from "../../../src/platform.ts";
import type { Readers } from "../parse/read-message.ts";
import type { Starters } from "../threads/starters.ts";
import type { Message } from "../wire/message.ts";
import type { ToIncoming } from "./incoming.ts";
import type { Proxied, Proxies } from "./proxies.ts";

interface ReplacePorts {
  readonly intake: Pick<Intake, "replaced">;
  readonly readers: Readers;
  readonly toIncoming: ToIncoming;
  readonly handle: (message: Message) => Promise<void>;
  readonly proxies: Proxies;
  readonly starters: Starters;
}

/** Goes on with a proxy's message as the person's, under the name that the proxy shows. Rejects when it could not be stored. */
export type Replace = (proxied: Proxied) => Promise<void>;

export const createReplace =
  ({ intake, readers, toIncoming, handle, proxies, starters }: ReplacePorts): Replace =>
  async ({ original, successor }) => {
    const message = asPersons(successor, original.message);
    const { place, addressed } = original;
    // The original was gone before its thread could be opened.
    if (!place) return handle(message);
    proxies.placed(successor.id, place);
    if (successor.channel_id !== place.thread) await starters.moved(place.thread, successor.id);
    const reader = await readers(place.guild);
    await intake.replaced(original.message.id, toIncoming(message, { place, addressed, reader }));
  };

const asPersons = (successor: Message, { author, member }: Message): Message => ({
  ...successor,
  webhook_id: null,
  author: { ...author, username: successor.author.username, global_name: null },
  member,
});
