import { Routes } from "discord.js";
import { incoming } from "../intake/take-message.ts";
import { tryAgain } from "../intake/try-again.ts";
import { readMessage } from "../parse/read-message.ts";
import type { DiscordPlace } from "../place.ts";
import { threadName } from "../threads/thread-name.ts";
import { Message } from "../wire/message.ts";
import { missingHere, placeFor } from "./ask-question.ts";
import type { InteractionPorts, Scene } from "./interaction-ports.ts";

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
