import { openPost, startLooseThread, startThread } from "../endpoints/threads.ts";
import { CHANNEL, isThread } from "../world/channel.ts";
import { directChannel } from "../world/guild-life.ts";
import { messageOf } from "../world/look-up.ts";
import type { Message } from "../world/message.ts";
import {
  createMessage,
  deleteMessage,
  deleteMessages,
  editMessage,
} from "../world/message-life.ts";
import { may, require, requireAwake, requirePosting } from "../world/permit.ts";
import { addReaction, removeReaction } from "../world/reaction-life.ts";
import { changeThread } from "../world/thread-life.ts";
import { startTyping } from "../world/typing.ts";
import type { User } from "../world/user.ts";
import type { World } from "../world/world.ts";
import { type GivenFile, storeFiles } from "./given-file.ts";
import { createHands, type Hands } from "./hands.ts";
import { channelAt, type MessagePlace, type Place, typed } from "./place.ts";
import { seen, type SeenMessage } from "./seen.ts";

export interface SaysOptions {
  /** The message that this answers. */
  readonly reply?: MessagePlace;
  /** Answers without ringing. */
  readonly isSilent?: boolean;
  readonly files?: readonly GivenFile[];
}

/** Somebody who uses Discord. What the app would not let them do throws. */
export interface Person extends Hands {
  readonly id: string;
  readonly name: string;
  /** Direct messages with the bot. */
  readonly dm: Place;
  /** "@Parley" and other names become mentions. */
  says(place: Place, text: string, options?: SaysOptions): SeenMessage;
  edits(message: MessagePlace, text: string): void;
  deletes(message: MessagePlace): void;
  /** Several of one channel at once. */
  clears(messages: readonly MessagePlace[]): void;
  reacts(message: MessagePlace, emoji: string): void;
  unreacts(message: MessagePlace, emoji: string): void;
  types(place: Place): void;
  /** From a message, or in a channel without one. */
  startsThread(from: MessagePlace | Place, name: string, options?: { isPrivate?: boolean }): Place;
  /** A forum post; tags by name. */
  posts(forum: Place, title: string, text: string, options?: PostOptions): Place;
  archives(thread: Place): void;
  wakes(thread: Place): void;
  locks(thread: Place): void;
  /** Takes no direct messages from now on. */
  closesDirectMessages(): void;
}

export interface PostOptions extends SaysOptions {
  readonly tags?: readonly string[];
}

export function createPerson(world: World, user: User): Person {
  const dm = () => directChannel(world, user.id);
  return {
    id: user.id,
    name: user.globalName ?? user.username,
    get dm() {
      return { id: dm().id };
    },
    ...createVoice(world, user),
    ...createThreads(world, user),
    ...createHands(world, user),
    closesDirectMessages: () => void (user.closedToDirectMessages = true),
  };
}

type Voice = Pick<
  Person,
  "says" | "edits" | "deletes" | "clears" | "reacts" | "unreacts" | "types"
>;

const find = (world: World, { channelId, id }: MessagePlace) => {
  const channel = channelAt(world, { id: channelId });
  return { channel, message: messageOf(channel, id) };
};

function createVoice(world: World, user: User): Voice {
  const own = (place: MessagePlace): ReturnType<typeof find> => {
    const found = find(world, place);
    if (found.message.authorId !== user.id) throw new Error(`That is not ${user.username}'s.`);
    return found;
  };
  return {
    says: (place, text, options) => seen(world, say(world, user, place, { text, ...options })),
    edits(place, text) {
      const { channel, message } = own(place);
      requireAwake(channel);
      editMessage(world, channel, message, { content: typed(world, channel, text) });
    },
    deletes(place) {
      const { channel, message } = find(world, place);
      const isAllowed = may({ world, channel, userId: user.id }, "MANAGE_MESSAGES");
      if (message.authorId !== user.id && !isAllowed) {
        throw new Error(`${user.username} may not delete that.`);
      }
      deleteMessage(world, channel, message);
    },
    clears(places) {
      const found = places.map((place) => find(world, place));
      const messages = found.map(({ message }) => message);
      const channel = found[0]?.channel;
      if (!channel) return;
      require({ world, channel, userId: user.id }, "MANAGE_MESSAGES");
      deleteMessages(world, channel, messages);
    },
    reacts: (place, emoji) => addReaction(world, { ...find(world, place), emoji, userId: user.id }),
    unreacts: (place, emoji) =>
      removeReaction(world, { ...find(world, place), emoji, userId: user.id }),
    types: (place) => startTyping(world, channelAt(world, place), user.id),
  };
}

interface Saying extends SaysOptions {
  readonly text: string;
  /** Of the thread whose first message it is. */
  readonly id?: string;
}

function say(world: World, user: User, place: Place, saying: Saying): Message {
  const channel = channelAt(world, place);
  const files = storeFiles(world, saying.files);
  const { reply, text, isSilent, id } = saying;
  requirePosting(
    { world, channel, userId: user.id },
    { hasEmbeds: false, hasFiles: files.length > 0, isReply: reply !== undefined },
  );
  return createMessage(world, channel, {
    ...(id !== undefined && { id }),
    authorId: user.id,
    content: typed(world, channel, text),
    files,
    nonce: user.bot ? null : world.ids.next(),
    reference: reply
      ? { messageId: reply.id, channelId: channel.id, guildId: channel.guildId }
      : null,
    ...(isSilent && { allowedMentions: { parse: ["users", "roles", "everyone"] } }),
  });
}

type Threads = Pick<Person, "startsThread" | "posts" | "archives" | "wakes" | "locks">;

function createThreads(world: World, user: User): Threads {
  const change = (place: Place, what: Parameters<typeof changeThread>[2]) => {
    const channel = channelAt(world, place);
    if (!isThread(channel)) throw new Error("That is no thread.");
    changeThread(world, channel, what);
  };
  return {
    startsThread(from, name, { isPrivate = false } = {}) {
      const options = { name, ownerId: user.id };
      if ("channelId" in from) {
        const { channel, message } = find(world, from);
        return { id: startThread(world, channel, message, options).id };
      }
      const type = isPrivate ? CHANNEL.privateThread : CHANNEL.publicThread;
      return { id: startLooseThread(world, channelAt(world, from), { ...options, type }).id };
    },
    posts(place, title, text, options = {}) {
      const forum = channelAt(world, place);
      const tags = (options.tags ?? []).flatMap(
        (name) => forum.tags.find((tag) => tag.name === name)?.id ?? [],
      );
      const thread = openPost(world, forum, { name: title, ownerId: user.id, tags });
      say(world, user, thread, { ...options, text, id: thread.id });
      return { id: thread.id };
    },
    archives: (place) => change(place, { archived: true }),
    wakes: (place) => change(place, { archived: false }),
    locks: (place) => change(place, { locked: true, archived: true }),
  };
}
