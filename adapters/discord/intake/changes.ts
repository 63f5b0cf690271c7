import { setImmediate } from "node:timers/promises";
import type { Intake } from "../../../src/platform.ts";
import { byDeletionOf } from "../../../src/progress/failure-words.ts";
import type { Api } from "../api/api.ts";
import type { GatewayEvent } from "../gateway/listen.ts";
import { conversationOf } from "../ids.ts";
import { addressedOf } from "../parse/addressed.ts";
import { type Readers, sentAt } from "../parse/read-message.ts";
import type { PlaceOfMessage } from "../threads/place-of-message.ts";
import type { Message } from "../wire/message.ts";
import { DeletedMessages, DeletedThread } from "../wire/events.ts";
import type { ChannelQueue } from "./channel-queue.ts";
import type { ToIncoming } from "./incoming.ts";
import { type HandleMessage, readMessageEvent } from "./messages.ts";
import type { Proxies } from "./proxies.ts";
import type { Replace } from "./replace.ts";

interface ChangePorts {
  readonly queue: ChannelQueue;
  readonly placeOf: PlaceOfMessage;
  readonly proxies: Pick<Proxies, "placeOf" | "lost">;
}

interface EditPorts extends ChangePorts {
  readonly intake: Pick<Intake, "edited">;
  readonly api: Api;
  readonly readers: Readers;
  readonly toIncoming: ToIncoming;
  readonly ownId: () => Promise<string>;
  /** Takes a message that has not been answered. */
  readonly handle: HandleMessage;
  /** How old such a message may be, ms; 0: none is answered. */
  readonly freshMs: number;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** MESSAGE_UPDATE. Discord also sends one when it unfolds a link. */
export const createEditHandler =
  ({ intake, api, queue, placeOf, readers, toIncoming, proxies, ownId, ...fresh }: EditPorts) =>
  async ({ data }: GatewayEvent): Promise<void> => {
    const message = await readMessageEvent(api, data);
    const editedAt = message.edited_timestamp;
    const isWebhooks = Boolean(message.webhook_id) && message.author.id !== (await ownId());
    if (!editedAt || (message.author.bot && !isWebhooks)) return;
    await queue.run(message.channel_id, async () => {
      const place = proxies.placeOf(message.id) ?? (await placeOf(message));
      // Of webhooks, only what a proxy posted for a person can be a question.
      if (!place) return isWebhooks ? undefined : answerNew(message, fresh);
      const reader = await readers(place.guild);
      const where = place.guild === undefined ? "direct" : "thread";
      const addressed = addressedOf(message, where, reader);
      const edited = toIncoming(message, { place, addressed, reader });
      await intake.edited(edited, `${message.id}:${editedAt}`);
    });
  };

/** An edit may add the mention that a message lacked: then it is answered like a new one. */
async function answerNew(
  message: Message,
  { handle, freshMs, wallClock }: Pick<EditPorts, "handle" | "freshMs" | "wallClock">,
): Promise<void> {
  if (wallClock() - sentAt(message) <= freshMs) await handle(message);
}

interface DeletionPorts extends ChangePorts {
  readonly intake: Pick<Intake, "deleted">;
  readonly replace: Replace;
}

/** MESSAGE_DELETE and MESSAGE_DELETE_BULK. */
export const createDeletionHandler =
  ({ intake, queue, placeOf, proxies, replace }: DeletionPorts) =>
  async ({ data }: GatewayEvent): Promise<void> => {
    const { id: single, ids, channel_id: channel } = DeletedMessages.parse(data);
    // A message that came just before is still being read, and belongs before it in the queue.
    await setImmediate();
    await queue.run(channel, async () => {
      for (const id of single === undefined ? ids : [single, ...ids]) {
        const proxied = proxies.lost(id);
        if (proxied) {
          await replace(proxied);
          continue;
        }
        const place = proxies.placeOf(id) ?? (await placeOf({ id, channel_id: channel }));
        if (place) await intake.deleted(conversationOf(place), id, `deleted:${id}`);
      }
    });
  };

/** THREAD_DELETE stops the thread's turn: it can no longer post an answer. */
export const createThreadDeletionHandler =
  (intake: Pick<Intake, "command">, ownId: () => Promise<string>) =>
  async ({ data, key }: GatewayEvent): Promise<void> => {
    const { id, guild_id: guild, parent_id: parent } = DeletedThread.parse(data);
    if (!parent) return;
    const conversation = conversationOf({ guild: guild ?? undefined, channel: parent, thread: id });
    const person = {
      id: await ownId(),
      name: byDeletionOf("thread"),
      kind: "self",
    } as const;
    await intake.command({ conversation, eventId: key, person, level: "admin", text: "stop" });
  };
