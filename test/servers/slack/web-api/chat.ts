import { z } from "zod";
import { isTooLong, problemsOfBlocks } from "../blocks/validate.ts";
import { withIds } from "../blocks/stored.ts";
import type { Channel } from "../state/channel.ts";
import type { Fields } from "../state/fields.ts";
import { isReply, type Message } from "../state/message.ts";
import { STREAMING } from "../state/streaming.ts";
import { wireMessage } from "../state/wire-message.ts";
import { ApiError, apiErrorWith } from "./api-error.ts";
import { fields, flag, json, text } from "./arguments.ts";
import { channelOf, method, writableChannel, type Caller, type Method } from "./method.ts";

const CUT_AT = 40_000;
const LONGEST_UPDATE = 4_000;
const LONGEST_MARKDOWN = 12_000;
const MOST_ATTACHMENTS = 100;
const MOST_METADATA_BYTES = 16_000;

const metadata = json(
  z.union([
    z.object({ event_type: z.string().min(1).max(255), event_payload: fields }),
    z.object({}).strict(),
  ]),
);

const content = {
  text: text.optional(),
  blocks: json(z.array(fields)).optional(),
  attachments: json(z.array(fields)).optional(),
  metadata: metadata.optional(),
  markdown_text: text.optional(),
};
type Content = z.infer<z.ZodObject<typeof content>>;

const where = { channel: z.string(), thread_ts: text.optional() };

export const chatMethods: Readonly<Record<string, Method>> = {
  "chat.postMessage": method(
    { scopes: ["chat:write"], tier: "post" },
    { ...where, ...content, reply_broadcast: flag.optional() },
    (caller, args) => {
      const channel = writableChannel(caller, args.channel);
      checkContent(args);
      const message = caller.talk.post(
        { workspace: caller.workspace, channel },
        {
          ...ownDraft(caller, args),
          threadTs: threadIn(caller, channel, args.thread_ts),
          ...(args.reply_broadcast && { subtype: "thread_broadcast" }),
        },
      );
      clearAssistantStatus(channel, message.threadTs);
      return { channel: channel.id, ts: message.ts, message: wired(caller, channel, message) };
    },
  ),
  "chat.update": method(
    { scopes: ["chat:write"], tier: 3 },
    { channel: z.string(), ts: text, ...content },
    (caller, args) => {
      const channel = writableChannel(caller, args.channel);
      const message = ownMessage(caller, channel, args.ts, "cant_update_message");
      checkContent(args);
      if (STREAMING.has(message)) throw new ApiError("streaming_state_conflict");
      if ((args.text?.length ?? 0) > LONGEST_UPDATE) throw new ApiError("msg_too_long");
      const change = changeOf(caller, message, args);
      caller.talk.edit({ workspace: caller.workspace, channel }, message, change, botOf(caller));
      const { text: now } = message;
      const wire = wired(caller, channel, message);
      return { channel: channel.id, ts: message.ts, text: now, message: wire };
    },
  ),
  "chat.delete": method(
    { scopes: ["chat:write"], tier: 3 },
    { channel: z.string(), ts: text },
    (caller, args) => {
      const channel = channelOf(caller, args.channel);
      const message = ownMessage(caller, channel, args.ts, "cant_delete_message");
      if (STREAMING.has(message)) throw new ApiError("cant_delete_message");
      caller.talk.remove({ workspace: caller.workspace, channel }, message);
      return { channel: channel.id, ts: args.ts };
    },
  ),
  "chat.postEphemeral": method(
    { scopes: ["chat:write"], tier: 4 },
    { ...where, ...content, user: z.string() },
    (caller, args) => {
      const channel = writableChannel(caller, args.channel);
      if (!channel.members.has(args.user)) throw new ApiError("user_not_in_channel");
      checkContent(args);
      const message = caller.talk.post(
        { workspace: caller.workspace, channel },
        {
          ...ownDraft(caller, args),
          threadTs: threadIn(caller, channel, args.thread_ts),
          isEphemeralFor: args.user,
        },
      );
      return { message_ts: message.ts };
    },
  ),
  "chat.getPermalink": method(
    { tier: "special" },
    { channel: z.string(), message_ts: text },
    (caller, args) => {
      const channel = channelOf(caller, args.channel);
      if (!channel.messages.has(args.message_ts)) throw new ApiError("message_not_found");
      const { domain } = caller.workspace;
      const permalink = `https://${domain}.slack.com/archives/${channel.id}/p${args.message_ts.replace(".", "")}`;
      return { channel: channel.id, permalink };
    },
  ),
};

const botOf = ({ install }: Caller): string => install.botUser;

/** Throws what Slack refuses, whoever posts it; the length of `text` is not its business. */
export function checkContent(args: Content): void {
  const { blocks = [], attachments = [] } = args;
  checkMarkdown(args);
  if (!hasContent([args.text, args.markdown_text], [...blocks, ...attachments])) {
    throw new ApiError("no_text");
  }
  if (attachments.length > MOST_ATTACHMENTS) throw new ApiError("too_many_attachments");
  const problems = problemsOfBlocks(blocks);
  if (problems.length > 0) throw apiErrorWith("invalid_blocks", problems);
  if (isTooLong(blocks)) throw new ApiError("msg_blocks_too_long");
  const bytes = Buffer.byteLength(JSON.stringify(args.metadata ?? {}));
  if (bytes > MOST_METADATA_BYTES) throw new ApiError("metadata_too_large");
}

function checkMarkdown({ markdown_text: markdown, text: said, blocks }: Content): void {
  if (markdown === undefined) return;
  if (said !== undefined || blocks) throw new ApiError("markdown_text_conflict");
  if (markdown.length > LONGEST_MARKDOWN) throw new ApiError("msg_too_long");
}

const hasContent = (texts: readonly (string | undefined)[], parts: readonly Fields[]): boolean =>
  parts.length > 0 || texts.some((said) => said !== undefined && said.trim() !== "");

/** A message of the app's, as Slack keeps it. */
export function ownDraft({ world, workspace, install }: Caller, args: Content) {
  const said = args.text ?? args.markdown_text ?? "";
  if (said.length > CUT_AT) {
    world.reject(`chat.postMessage: a text of ${said.length} characters was cut at ${CUT_AT}`);
  }
  const blocks = blocksOf(args);
  return {
    user: install.botUser,
    botId: install.botId,
    appId: world.app.id,
    team: workspace.id,
    text: said.slice(0, CUT_AT),
    blocks: blocks && withIds(blocks, world.nextId),
    attachments: args.attachments ?? [],
    metadata: metadataOf(args),
  };
}

const blocksOf = ({ blocks, markdown_text: markdown }: Content): readonly Fields[] | undefined =>
  markdown === undefined
    ? blocks && blocks.length > 0
      ? blocks
      : undefined
    : [{ type: "markdown", text: markdown }];

const metadataOf = ({ metadata: given }: Content): Fields | undefined =>
  given && Object.keys(given).length > 0 ? given : undefined;

/** Text without blocks takes the blocks away; blocks show no "(edited)". What metadata does not come along is gone. */
function changeOf({ world }: Caller, message: Message, args: Content): Partial<Message> {
  const blocks = blocksOf(args);
  const hasRichText = message.blocks?.some(({ type }) => type === "rich_text");
  if (hasRichText && blocks && !blocks.some(({ type }) => type === "rich_text")) {
    throw new ApiError("block_mismatch");
  }
  const said = args.text ?? args.markdown_text;
  const kept = said === undefined ? message.blocks : undefined;
  return {
    text: said ?? message.text,
    blocks: blocks ? withIds(blocks, world.nextId) : kept,
    attachments: args.attachments ?? message.attachments,
    metadata: metadataOf(args),
    isEditedShown: blocks === undefined,
  };
}

/** The thread of a post; a reply's ts names no thread. */
export function threadIn(
  { world }: Pick<Caller, "world">,
  { messages }: Channel,
  ts: string | undefined,
): string | undefined {
  if (ts === undefined) return undefined;
  const root = messages.get(ts);
  if (!root) throw new ApiError("thread_not_found");
  if (!isReply(root)) return ts;
  world.reject(`a post to the thread ${ts}, which is a reply: the thread is ${root.threadTs}`);
  return root.threadTs;
}

function ownMessage(caller: Caller, channel: Channel, ts: string, refusal: string): Message {
  const message = channel.messages.get(ts);
  if (!message) {
    const isEphemeral = channel.ephemerals.some((ephemeral) => ephemeral.ts === ts);
    throw new ApiError(isEphemeral ? refusal : "message_not_found");
  }
  if (message.user !== botOf(caller)) throw new ApiError(refusal);
  return message;
}

/** What the app says in a thread ends the assistant's status there; a session's it must end itself. */
export function clearAssistantStatus({ native }: Channel, thread: string | undefined): void {
  if (thread !== undefined && native.get(thread)?.kind === "assistant") native.delete(thread);
}

const wired = ({ world, workspace }: Caller, channel: Channel, message: Message): Fields =>
  wireMessage(message, { workspace, channel, origin: world.origin(), withMetadata: true });
