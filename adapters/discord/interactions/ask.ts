import { download } from "../../../src/adapter-kit/download.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import { findTeam } from "../../../src/commands/run/team-commands.ts";
import { destinationIn, formatMissing, missingPermissions } from "../guilds/permissions.ts";
import type { ChannelQueue } from "../intake/channel-queue.ts";
import type { ToIncoming } from "../intake/incoming.ts";
import { formatAskedQuestion } from "../render/small-print.ts";
import type { Intake } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { Threads } from "../threads/open-thread.ts";
import type { DiscordPlace } from "../ids.ts";
import { placeOfChannel } from "../threads/channels.ts";
import { threadName } from "../render/lines.ts";
import { replyPages } from "../render/reply-pages.ts";
import { supportsThreads } from "../wire/channel.ts";
import { bitsOf, type Interaction } from "../wire/interaction.ts";
import { type Attachment, Message } from "../wire/message.ts";
import type { InteractionContext } from "./context.ts";
import { Routes } from "discord.js";
import { readMessage, type Readers } from "../parse/read-message.ts";

export interface AskPorts {
  readonly intake: Pick<Intake, "message">;
  readonly api: Api;
  readonly commands: Pick<CommandPorts, "teams" | "bindings" | "turns">;
  readonly queue: ChannelQueue;
  readonly threads: Pick<Threads, "open">;
  readonly readers: Readers;
  readonly toIncoming: ToIncoming;
}

/** `/ask`, and "Ask the team" in a message's menu. */
export interface Asking {
  askQuestion(context: InteractionContext, values: ReadonlyMap<string, string>): Promise<void>;
  askAboutMessage(context: InteractionContext): Promise<void>;
}

export const createAsking = (ports: AskPorts): Asking => ({
  askQuestion: (context, values) => askQuestion(ports, context, values),
  askAboutMessage: (context) => askAboutMessage(ports, context),
});

/** `/ask`: posts the question as the response, and handles it like any message. */
async function askQuestion(
  ports: AskPorts,
  context: InteractionContext,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  const { respond, caller } = context;
  const missing = missingPermissionsHere(context);
  if (missing !== undefined) return respond.replyPrivately({ content: missing });
  const question = (values.get("question") ?? "").trim();
  const team = values.get("team")?.trim().split(/\s+/)[0] || null;
  const found = team === null ? undefined : await findTeam(ports.commands, caller, team);
  if (found && "blocks" in found) {
    return respond.replyPrivately({ content: (await replyPages(found)).join("\n") });
  }
  const posted = await respond.reply({ content: formatAskedQuestion({ question, team }) });
  const message = Message.parse(await withFiles(context, posted));
  const name = threadName(question, caller.person.name);
  await ports.queue.run(context.channel.id, () => takeQuestion(ports, context, message, name));
}

async function takeQuestion(
  { intake, threads, readers, toIncoming }: AskPorts,
  context: InteractionContext,
  message: Message,
  name: string,
): Promise<void> {
  const place = await placeFor(threads, context, message, name);
  const reader = { ...(await readers(place.guild)), self: message.author.id };
  const { person: author, level, groups = [] } = context.caller;
  const question = toIncoming(message, { place, addressed: "mention", reader });
  await intake.message({ ...question, author, level, groups });
}

/** Says which permissions Parley lacks in the channel; undefined: none. */
function missingPermissionsHere({
  interaction,
  channel,
  place,
}: InteractionContext): string | undefined {
  const permissions = bitsOf(interaction.app_permissions);
  // A compatible server without permissions sends none.
  if (!permissions || place.guild === undefined) return undefined;
  const missing = missingPermissions(permissions, destinationIn(channel));
  return missing.length > 0 ? formatMissing(missing, `<#${channel.id}>`) : undefined;
}

/** Where the question is answered: in a new thread if the channel has threads. */
async function placeFor(
  threads: Pick<Threads, "open">,
  { channel, place }: InteractionContext,
  message: Pick<Message, "id" | "channel_id" | "thread">,
  name: string,
): Promise<DiscordPlace> {
  if (!supportsThreads(channel.type)) return place;
  const thread = await threads.open(message, name);
  return { ...placeOfChannel({ ...thread, guild_id: place.guild }), channel: channel.id };
}

/** Attaches the command's files to the posted question, so that they can be fetched later. Reports files that failed. */
async function withFiles(
  { interaction, respond }: InteractionContext,
  posted: unknown,
): Promise<unknown> {
  const attachments = Object.values(interaction.data.resolved.attachments);
  if (attachments.length === 0) return posted;
  const most = interaction.attachment_size_limit ?? MAX_BYTES;
  const fetched = await Promise.all(attachments.map((file) => fetchFile(file, most)));
  const files = fetched.filter((file) => typeof file !== "string");
  const problems = fetched.filter((file) => typeof file === "string");
  const edited = files.length > 0 ? await respond.edit({}, files) : posted;
  if (problems.length > 0) await respond.followUp({ content: `⚠️ ${problems.join("\n⚠️ ")}` });
  return edited;
}

/** Discord's default limit. */
const MAX_BYTES: NonNullable<Interaction["attachment_size_limit"]> = 10 * 1024 * 1024;

/** The file, or a sentence that says what is wrong. */
async function fetchFile({ filename: name, size: bytes, url }: Attachment, most: number) {
  if (bytes > most) return `${name} is too large to be passed on here.`;
  try {
    const signal = AbortSignal.timeout(60_000);
    return { name, data: await download(url, { platform: "Discord", maxBytes: bytes, signal }) };
  } catch {
    return `${name} could not be read.`;
  }
}

/** "Ask the team" in a message's menu: the team answers the message as if it mentioned Parley. */
async function askAboutMessage(
  { intake, api, queue, threads, readers, toIncoming }: AskPorts,
  context: InteractionContext,
): Promise<void> {
  const { respond, caller, channel, place } = context;
  const missing = missingPermissionsHere(context);
  if (missing !== undefined) return respond.replyPrivately({ content: missing });
  await respond.defer(true);
  const message = await chosenMessage(api, context);
  const reader = await readers(place.guild);
  const { author, text } = readMessage(message, reader);
  const name = threadName(text, author.name);
  const handle = async (): Promise<DiscordPlace> => {
    const there = await placeFor(threads, context, message, name);
    const question = toIncoming(message, { place: there, addressed: "mention", reader });
    // A bot's message is answered on behalf of the user.
    const asker = author.kind === "person" ? author : caller.person;
    await intake.message({ ...question, author: asker });
    return there;
  };
  const where = await queue.run(channel.id, handle);
  const words =
    where.thread === channel.id
      ? "The team answers here."
      : `The team answers in <#${where.thread}>.`;
  await respond.edit({ content: words });
}

/** The message that the interaction includes; fetched where a server sends only its id. */
async function chosenMessage(
  api: Api,
  { interaction, channel }: InteractionContext,
): Promise<Message> {
  const { resolved, target_id } = interaction.data;
  const target = target_id ?? "";
  const given = { channel_id: channel.id, ...Object(resolved.messages[target]) };
  const { success, data } = Message.safeParse(given);
  if (success) return data;
  const route = Routes.channelMessage(channel.id, target);
  return api.call({ method: "GET", route, what: "reading the message" }, Message);
}
