import { download } from "../../../src/adapter-kit/download.ts";
import { findTeam } from "../../../src/commands/run/team-commands.ts";
import { missingPermissions, formatMissing } from "../guilds/permissions.ts";
import { incoming } from "../intake/messages.ts";
import { tryAgain } from "../intake/intake-ports.ts";
import { formatAsked } from "../render/small-print.ts";
import type { DiscordPlace } from "../ids.ts";
import { placeIn } from "../threads/channels.ts";
import { threadName } from "../render/lines.ts";
import { replyPages } from "../render/reply-pages.ts";
import { isThread, takesThreads } from "../wire/channel.ts";
import { bitsOf, type Interaction } from "../wire/interaction.ts";
import { type Attachment, Message } from "../wire/message.ts";
import type { InteractionPorts, Scene } from "./context.ts";
import { Routes } from "discord.js";
import { readMessage } from "../parse/read-message.ts";

/** `/ask`: the question is posted at once, as the answer to the command; from then on it is a message like any other. */
export async function askQuestion(
  ports: InteractionPorts,
  scene: Scene,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  const { respond, asking } = scene;
  const missing = missingHere(scene);
  if (missing !== undefined) return respond.whisper({ content: missing });
  const question = (values.get("question") ?? "").trim();
  const team = values.get("team")?.trim().split(/\s+/)[0] || null;
  const found = team === null ? undefined : await findTeam(ports.commands, asking, team);
  if (found && "blocks" in found) {
    return respond.whisper({ content: (await replyPages(found)).join("\n") });
  }
  const posted = await respond.post({ content: formatAsked({ question, team }) });
  const message = Message.parse(await withFiles(scene, posted));
  const name = threadName(question, asking.person.name);
  await ports.queue.run(scene.channel.id, () =>
    tryAgain(ports.clock, () => takeAsked(ports, scene, message, name)),
  );
}

async function takeAsked(
  ports: InteractionPorts,
  scene: Scene,
  message: Message,
  name: string,
): Promise<void> {
  const place = await placeFor(ports, scene, message, name);
  const reader = { ...(await ports.readers(place.guild)), self: message.author.id };
  const { person: author, level, groups = [] } = scene.asking;
  const taken = incoming(ports, message, { place, addressed: "mention", reader });
  await ports.intake.message({ ...taken, author, level, groups });
}

/** What Parley lacks for answering there, as the interaction says; undefined: nothing. */
export function missingHere({ interaction, channel, place }: Scene): string | undefined {
  const permissions = bitsOf(interaction.app_permissions);
  // Nothing at all is what a server sends that has no permissions.
  if (!permissions || place.guild === undefined) return undefined;
  const inside = isThread(channel.type) ? "thread" : "channel";
  const missing = missingPermissions(
    permissions,
    takesThreads(channel.type) ? "new thread" : inside,
  );
  return missing.length > 0 ? formatMissing(missing, `<#${channel.id}>`) : undefined;
}

/** The thread that the question is answered in: a new one, but where there is one already, or none can be. */
export async function placeFor(
  ports: InteractionPorts,
  { channel, place }: Scene,
  message: Pick<Message, "id" | "channel_id" | "thread">,
  name: string,
): Promise<DiscordPlace> {
  if (!takesThreads(channel.type)) return place;
  const thread = await ports.threads.open(message, name);
  return { ...placeIn({ ...thread, guild_id: place.guild }), channel: channel.id };
}

/** Moves the files under the question: as a command's they could not be read again. Those that cannot be had are named. */
async function withFiles({ interaction, respond }: Scene, posted: unknown): Promise<unknown> {
  const attachments = Object.values(interaction.data.resolved.attachments);
  if (attachments.length === 0) return posted;
  const most = interaction.attachment_size_limit ?? MOST_BYTES;
  const fetched = await Promise.all(attachments.map((file) => fetchFile(file, most)));
  const files = fetched.filter((file) => typeof file !== "string");
  const problems = fetched.filter((file) => typeof file === "string");
  const edited = files.length > 0 ? await respond.edit({}, files) : posted;
  if (problems.length > 0) await respond.followUp({ content: `⚠️ ${problems.join("\n⚠️ ")}` });
  return edited;
}

/** What Discord takes where nothing else is said. */
const MOST_BYTES: NonNullable<Interaction["attachment_size_limit"]> = 10 * 1024 * 1024;

/** The file, or what is wrong with it. Its link is signed, and used at once. */
async function fetchFile({ filename: name, size: bytes, url }: Attachment, most: number) {
  if (bytes > most) return `${name} is too large to be passed on here.`;
  try {
    const signal = AbortSignal.timeout(60_000);
    return { name, data: await download(url, { platform: "Discord", maxBytes: bytes, signal }) };
  } catch {
    return `${name} could not be read.`;
  }
}

/** "Ask the team" in the menu of a message: the team answers it, as if it had named Parley. */
export async function askAboutMessage(ports: InteractionPorts, scene: Scene): Promise<void> {
  const { respond, asking, channel, place } = scene;
  const missing = missingHere(scene);
  if (missing !== undefined) return respond.whisper({ content: missing });
  await respond.defer(true);
  const message = await chosenMessage(ports, scene);
  const reader = await ports.readers(place.guild);
  const { author, text } = readMessage(message, reader);
  const name = threadName(text, author.name);
  const take = async (): Promise<DiscordPlace> => {
    const there = await placeFor(ports, scene, message, name);
    const taken = incoming(ports, message, { place: there, addressed: "mention", reader });
    // What a bot wrote is answered for the person who asks about it.
    const asker = author.kind === "person" ? author : asking.person;
    await ports.intake.message({ ...taken, author: asker });
    return there;
  };
  const where = await ports.queue.run(channel.id, () => tryAgain(ports.clock, take));
  const words =
    where.thread === channel.id
      ? "The team answers here."
      : `The team answers in <#${where.thread}>.`;
  await respond.edit({ content: words });
}

/** As the menu has it; asked for where a server only names it. */
async function chosenMessage(
  { api }: InteractionPorts,
  { interaction, channel }: Scene,
): Promise<Message> {
  const { resolved, target_id } = interaction.data;
  const target = target_id ?? "";
  const given = { channel_id: channel.id, ...Object(resolved.messages[target]) };
  const { success, data } = Message.safeParse(given);
  if (success) return data;
  const route = Routes.channelMessage(channel.id, target);
  return api.call({ method: "GET", route, what: "reading the message" }, Message);
}
