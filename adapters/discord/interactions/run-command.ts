import type { CommandReply } from "../../../src/reply.ts";
import { conversationOf, type DiscordPlace } from "../place.ts";
import { COMMANDS } from "../../../src/commands/command-table.ts";
import { isPrivateThread } from "../wire/channel.ts";
import { hangsIn } from "../threads/open-thread.ts";
import { askQuestion } from "./ask-question.ts";
import { commandText, type Invoked, readInvoked } from "./command-text.ts";
import type { InteractionPorts, Scene } from "./interaction-ports.ts";
import { showReply } from "./show-reply.ts";

/** A slash command. It is acknowledged before anything is looked at. */
export async function runCommand(ports: InteractionPorts, scene: Scene): Promise<void> {
  const { interaction, respond, asking } = scene;
  const invoked = readInvoked(interaction.data);
  if (!invoked) {
    return respond.whisper({
      content: "This command is from another version: please reload Discord.",
    });
  }
  if (invoked.name === "ask") return askQuestion(ports, scene, invoked);
  const ephemeral = COMMANDS[invoked.name].repliesTo === "asker";
  await respond.defer(ephemeral);
  const about = aboutOf(ports, scene, invoked);
  const reply =
    about === undefined
      ? NO_SUCH_THREAD
      : await ports.intake.command({ ...asking, ...about, text: commandText(invoked) });
  await showReply(respond, reply, ephemeral);
}

const NO_SUCH_THREAD: CommandReply = {
  title: "This channel has no such thread",
  blocks: [{ type: "text", markdown: "Choose one from the list that Discord shows." }],
  visibleTo: "asker",
  ok: false,
};

/** The thread that a command from outside names; nothing if it names none. */
function aboutOf(ports: InteractionPorts, { channel, place }: Scene, { values }: Invoked) {
  const id = values.get("thread");
  if (id === undefined) return {};
  const thread = ports.guilds.channel(id);
  // Who is in the channel can read its public threads; any other thread is none of theirs.
  if (!hangsIn(thread, channel.id) || isPrivateThread(thread.type)) return undefined;
  const inThread: DiscordPlace = { ...place, channel: channel.id, thread: id };
  return { conversation: conversationOf(inThread) };
}
