import { z } from "zod";
import { parseForm, text } from "../forms/parse-form.ts";
import { type Call, param, type Route } from "../rest/call.ts";
import { threadJson } from "../wire/channel-json.ts";
import type { Json } from "../wire/json.ts";
import { messageJson } from "../wire/message-json.ts";
import { CHANNEL, type Channel, type Thread } from "../world/channel.ts";
import { channelOf, hangingOn, messageOf } from "../world/look-up.ts";
import { type Message, MESSAGE, MESSAGE_FLAG } from "../world/message.ts";
import { createMessage, tellMessageUpdate } from "../world/message-life.ts";
import { require } from "../world/permit.ts";
import { refusal } from "../world/refusal.ts";
import { createThread } from "../world/thread-life.ts";
import type { World } from "../world/world.ts";
import { readDraft } from "./read-draft.ts";

const AutoArchive = z
  .union([z.literal(60), z.literal(1_440), z.literal(4_320), z.literal(10_080)])
  .nullish();

const FromMessage = z.looseObject({
  name: text(100, 1),
  auto_archive_duration: AutoArchive,
});

const Alone = FromMessage.extend({
  type: z.int().default(CHANNEL.privateThread),
  applied_tags: z.array(z.string()).max(5).nullish(),
  message: z.unknown().optional(),
});

const THREADED: readonly number[] = [CHANNEL.text, CHANNEL.announcement];

const publicTypeIn = (channel: Channel): number =>
  channel.type === CHANNEL.announcement ? CHANNEL.announcementThread : CHANNEL.publicThread;

export interface FromMessageOptions {
  readonly name: string;
  readonly ownerId: string;
  readonly autoArchive?: number | null | undefined;
}

/** Starts the thread of a message; throws 160004 when it has one. */
export function startThread(
  world: World,
  channel: Channel,
  message: Message,
  options: FromMessageOptions,
): Thread {
  if (!THREADED.includes(channel.type)) throw refusal("wrongChannelType");
  if (hangingOn(world, message.id)) throw refusal("hasThread");
  require({ world, channel, userId: options.ownerId }, "CREATE_PUBLIC_THREADS");
  const thread = createThread(world, channel, {
    id: world.hasOwnThreadIds ? world.ids.next() : message.id,
    name: options.name,
    type: publicTypeIn(channel),
    ownerId: options.ownerId,
    ...(options.autoArchive ? { autoArchive: options.autoArchive } : {}),
  });
  world.hanging.set(message.id, thread.id);
  message.flags |= MESSAGE_FLAG.hasThread;
  tellMessageUpdate(world, message, channel);
  createMessage(world, thread, {
    authorId: message.authorId,
    webhook: message.webhook,
    type: MESSAGE.threadStarter,
    reference: { messageId: message.id, channelId: channel.id, guildId: channel.guildId },
  });
  return thread;
}

/** Starts a thread that no message is the root of; in the channel stands a line that says so. */
export function startLooseThread(
  world: World,
  channel: Channel,
  options: FromMessageOptions & { readonly type: number },
): Thread {
  if (!THREADED.includes(channel.type)) throw refusal("wrongChannelType");
  const isPrivate = options.type === CHANNEL.privateThread;
  const permission = isPrivate ? "CREATE_PRIVATE_THREADS" : "CREATE_PUBLIC_THREADS";
  require({ world, channel, userId: options.ownerId }, permission);
  const thread = createThread(world, channel, {
    name: options.name,
    type: isPrivate ? CHANNEL.privateThread : publicTypeIn(channel),
    ownerId: options.ownerId,
    ...(options.autoArchive ? { autoArchive: options.autoArchive } : {}),
  });
  if (!isPrivate) {
    createMessage(world, channel, {
      authorId: options.ownerId,
      content: options.name,
      type: MESSAGE.threadCreated,
      flags: MESSAGE_FLAG.hasThread,
      reference: { messageId: thread.id, channelId: thread.id, guildId: channel.guildId },
    });
  }
  return thread;
}

/** Opens a forum post; its first message is made by the caller, with the thread's id. */
export function openPost(
  world: World,
  forum: Channel,
  options: FromMessageOptions & { readonly tags: readonly string[] },
): Thread {
  if (forum.type !== CHANNEL.forum) throw refusal("wrongChannelType");
  if (forum.requiresTag && options.tags.length === 0) throw refusal("tagRequired");
  require({ world, channel: forum, userId: options.ownerId }, "SEND_MESSAGES");
  return createThread(world, forum, {
    name: options.name,
    type: CHANNEL.publicThread,
    ownerId: options.ownerId,
    appliedTags: options.tags,
    ...(options.autoArchive ? { autoArchive: options.autoArchive } : {}),
  });
}

export function threadEndpoints(world: World): readonly Route[] {
  const bot = world.application.user.id;
  const show = (thread: Thread): Json => threadJson(thread, bot);
  return [
    {
      pattern: "POST /channels/:channel/messages/:message/threads",
      run(call) {
        const channel = channelOf(world, param(call, "channel"));
        const message = messageOf(channel, param(call, "message"));
        const { name, auto_archive_duration: autoArchive } = parseForm(FromMessage, call.body);
        const thread = startThread(world, channel, message, { name, autoArchive, ownerId: bot });
        return { created: show(thread) };
      },
    },
    {
      pattern: "POST /channels/:channel/threads",
      run(call) {
        const channel = channelOf(world, param(call, "channel"));
        const form = parseForm(Alone, call.body);
        const { name, auto_archive_duration: autoArchive, type } = form;
        const options = { name, autoArchive, ownerId: bot };
        if (channel.type !== CHANNEL.forum) {
          return { created: show(startLooseThread(world, channel, { ...options, type })) };
        }
        return {
          created: postInForum(world, channel, call, { ...options, tags: form.applied_tags ?? [] }),
        };
      },
    },
  ];
}

function postInForum(
  world: World,
  forum: Channel,
  call: Call,
  options: Parameters<typeof openPost>[2],
): Json {
  const { message: body } = parseForm(Alone, call.body);
  const { draft } = readDraft(world, { body, files: call.files });
  const thread = openPost(world, forum, options);
  const first = createMessage(world, thread, {
    ...draft,
    id: thread.id,
    authorId: options.ownerId,
  });
  return {
    ...threadJson(thread, options.ownerId),
    message: messageJson(world, first, { withContent: true }),
  };
}
