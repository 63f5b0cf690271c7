import { channelTypeOf, repliesOf, type Channel } from "./channel.ts";
import { without, type Fields } from "./fields.ts";
import { createMessage, isReply, type Draft, type Message } from "./message.ts";
import { wireMessage } from "./wire-message.ts";
import { isAppIn, type Workspace } from "./workspace.ts";
import type { World } from "./world.ts";

/** In which order the two copies of a mention arrive. */
export type MentionOrder = "mention-first" | "message-first" | "mention-only" | "message-only";

export interface Spot {
  readonly workspace: Workspace;
  readonly channel: Channel;
}

/** What happens to messages, whoever does it: the workspace changes, and the app is told. */
export interface Talk {
  /** `isSilent`: the app is not told, as if it had been away. */
  post(spot: Spot, draft: Draft, isSilent?: boolean): Message;
  edit(spot: Spot, message: Message, change: Partial<Message>, by: string): void;
  /** The message is shown anew though its author changed nothing: a link preview. */
  unfurl(spot: Spot, message: Message, attachment: Fields): void;
  remove(spot: Spot, message: Message): void;
  /** False: it was so already. */
  react(spot: Spot, message: Message, how: { name: string; user: string; isOn: boolean }): boolean;
}

export function createTalk(world: World, order: () => MentionOrder): Talk {
  const wire = (spot: Spot, message: Message, withMetadata = false): Fields =>
    wireMessage(message, { ...spot, origin: world.origin(), withMetadata });
  const tell = (spot: Spot, event: Fields): void => {
    if (isAppIn(spot.workspace, spot.channel)) world.emit(spot.workspace, event);
  };
  const changed = (spot: Spot, message: Message, before: Fields): void => {
    const ts = world.nextTs();
    tell(spot, {
      type: "message",
      subtype: "message_changed",
      message: { ...wire(spot, message), source_team: message.team, user_team: message.team },
      previous_message: before,
      channel: spot.channel.id,
      hidden: true,
      ts,
      event_ts: ts,
      channel_type: channelTypeOf(spot.channel),
    });
  };

  return {
    post(spot, draft, isSilent = false) {
      const { channel } = spot;
      const message = createMessage(channel.id, world.nextTs(), draft);
      if (draft.isEphemeralFor !== undefined) {
        channel.ephemerals.push(message);
        return message;
      }
      channel.messages.set(message.ts, message);
      if (message.subtype === undefined && message.files.length > 0) message.subtype = "file_share";
      if (!isSilent) for (const event of eventsOf(spot, message, order())) tell(spot, event(wire));
      return message;
    },
    edit(spot, message, change, by) {
      const before = wire(spot, message);
      Object.assign(message, change);
      message.edited = { user: by, ts: world.nextTs() };
      changed(spot, message, before);
    },
    unfurl(spot, message, attachment) {
      const before = wire(spot, message);
      message.attachments = [...message.attachments, attachment];
      changed(spot, message, before);
    },
    remove(spot, message) {
      const before = wire(spot, message);
      const { channel } = spot;
      if (!isReply(message) && repliesOf(channel, message.ts).length > 0) {
        Object.assign(message, { ...TOMBSTONE, blocks: undefined, metadata: undefined });
        return changed(spot, message, before);
      }
      channel.messages.delete(message.ts);
      const ts = world.nextTs();
      tell(spot, {
        type: "message",
        subtype: "message_deleted",
        previous_message: before,
        channel: channel.id,
        hidden: true,
        deleted_ts: message.ts,
        event_ts: ts,
        ts,
        channel_type: channelTypeOf(channel),
      });
    },
    react(spot, message, { name, user, isOn }) {
      const users = message.reactions.get(name) ?? new Set();
      if (users.has(user) === isOn) return false;
      if (isOn) message.reactions.set(name, users.add(user));
      else if (users.delete(user) && users.size === 0) message.reactions.delete(name);
      tell(spot, {
        type: isOn ? "reaction_added" : "reaction_removed",
        user,
        reaction: name,
        item: { type: "message", channel: message.channel, ts: message.ts },
        item_user: message.user,
        event_ts: world.nextTs(),
      });
      return true;
    },
  };
}

/** What is left of a thread's root when it is deleted. */
const TOMBSTONE = {
  subtype: "tombstone",
  user: "USLACKBOT",
  text: "This message was deleted.",
  files: [],
  attachments: [],
} as const;

type Wire = (spot: Spot, message: Message) => Fields;

/** A mention arrives twice, with one ts: as what was said, and as `app_mention`, which knows no direct messages. */
function eventsOf(
  spot: Spot,
  message: Message,
  order: MentionOrder,
): readonly ((wire: Wire) => Fields)[] {
  const { channel, workspace } = spot;
  const said = (wire: Wire): Fields => ({
    ...wire(spot, message),
    ...(message.subtype === "thread_broadcast" && {
      root: wire(spot, channel.messages.get(message.threadTs ?? "") ?? message),
    }),
    channel: channel.id,
    event_ts: message.ts,
    channel_type: channelTypeOf(channel),
  });
  const mention = (wire: Wire): Fields => ({
    ...without(wire(spot, message), "subtype"),
    type: "app_mention",
    channel: channel.id,
    event_ts: message.ts,
  });
  const bot = workspace.install?.botUser;
  const isMentioned =
    bot !== undefined &&
    channel.kind !== "im" &&
    message.user !== bot &&
    new RegExp(`<@${bot}(\\|[^>]*)?>`).test(message.text);
  if (!isMentioned) return [said];
  return {
    "mention-first": [mention, said],
    "message-first": [said, mention],
    "mention-only": [mention],
    "message-only": [said],
  }[order];
}
