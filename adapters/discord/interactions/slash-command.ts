import type { CommandReply } from "../../../src/reply.ts";
import { conversationOf, type DiscordPlace } from "../ids.ts";
import { COMMANDS, COMMAND_NAMES, optionsOf } from "../../../src/commands/command-table.ts";
import { isPrivateThread } from "../wire/channel.ts";
import { hangsIn } from "../threads/open-thread.ts";
import { askQuestion } from "./ask.ts";
import type { InteractionPorts, Scene } from "./context.ts";
import { showReply, type Choice } from "./respond.ts";
import type { CommandName } from "../../../src/commands/command.ts";
import { ADMIN_COMMAND } from "../registration/definitions.ts";
import type { Interaction, Option } from "../wire/interaction.ts";
import { completions } from "../../../src/commands/completions.ts";
import { cutLine } from "../render/lines.ts";

/** A slash command. It is acknowledged before anything is looked at. */
export async function runCommand(ports: InteractionPorts, scene: Scene): Promise<void> {
  const { interaction, respond, asking } = scene;
  const invoked = readInvoked(interaction.data);
  if (!invoked) {
    return respond.whisper({
      content: "This command is from another version: please reload Discord.",
    });
  }
  if (invoked.name === "ask") return askQuestion(ports, scene, invoked.values);
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

/** A slash command, read. */
export interface Invoked {
  readonly name: CommandName;
  /** By their names, as text. */
  readonly values: ReadonlyMap<string, string>;
  /** The option that is being typed. */
  readonly focused: string | undefined;
  /** Of `/parley-admin`. */
  readonly wholeServer: boolean;
}

/** Which shared command was given; undefined: one that this version does not have. */
export function readInvoked({ name = "", options }: Interaction["data"]): Invoked | undefined {
  const words = name === "ask" ? ["ask"] : [];
  let level: readonly Option[] = options;
  for (let [inner] = level; inner?.value === undefined && inner; [inner] = level) {
    words.push(inner.name);
    level = inner.options ?? [];
  }
  const command = COMMAND_NAMES.find((known) => known === words.join(" "));
  if (!command) return undefined;
  return {
    name: command,
    values: new Map(level.map((option) => [option.name, String(option.value)])),
    focused: level.find(({ focused }) => focused)?.name,
    wholeServer: name === ADMIN_COMMAND,
  };
}

/** The command as the shared ones are written. */
export function commandText({ name, values, wholeServer }: Invoked): string {
  const words = optionsOf(name).flatMap(({ name: option, write }) => {
    const value = values.get(option);
    return value === undefined || value.trim() === "" ? [] : [write(value)];
  });
  const hasScope = optionsOf(name).some(({ name: option }) => option === "scope");
  return [name, ...words, ...(wholeServer && hasScope ? ["--space"] : [])].join(" ");
}

/** Discord's limits. */
const MOST = 25;
const LONGEST = 100;

/** Autocomplete. It cannot be deferred, and an empty list is better than none. */
export async function complete(ports: InteractionPorts, scene: Scene): Promise<void> {
  const choices = await choicesFor(ports, scene).catch((error: unknown) => {
    ports.onProblem(error);
    return [];
  });
  await scene.respond.choices(
    choices.filter(({ value }) => value.length <= LONGEST).slice(0, MOST),
  );
}

async function choicesFor(ports: InteractionPorts, scene: Scene): Promise<readonly Choice[]> {
  const invoked = readInvoked(scene.interaction.data);
  if (!invoked?.focused) return [];
  const typed = invoked.values.get(invoked.focused) ?? "";
  if (invoked.focused === "thread" && COMMANDS[invoked.name].about === "any thread")
    return threadsLike(ports, scene, typed);
  const prefix = prefixOf(invoked);
  if (prefix === undefined) return [];
  const found = await completions(prefix + typed, ports.commands, scene.asking);
  return found.map(({ text, description }) => {
    const value = text.slice(prefix.length);
    return {
      value,
      name: cutLine(description === "" ? value : `${value} – ${description}`, LONGEST),
    };
  });
}

/** What would stand before it, were the command typed. */
const prefixOf = ({ name, focused }: Invoked): string | undefined =>
  name === "ask"
    ? "ask --team "
    : optionsOf(name).find((option) => option.name === focused)?.completes;

const threadsLike = ({ guilds }: InteractionPorts, { channel }: Scene, typed: string) =>
  guilds
    .threadsOf(channel.id)
    .filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()))
    .map(({ id, name }) => ({ value: id, name: cutLine(name, LONGEST) }));
