import type { CommandPorts } from "../../../src/commands/ports.ts";
import { refused } from "../../../src/commands/run/compose-reply.ts";
import type { Intake } from "../../../src/platform.ts";
import type { Guilds } from "../guilds/guilds.ts";
import { conversationOf, type DiscordPlace } from "../ids.ts";
import { COMMANDS, COMMAND_NAMES, optionsOf } from "../../../src/commands/command-table.ts";
import { isPrivateThread } from "../wire/channel.ts";
import { isThreadOf } from "../threads/open-thread.ts";
import type { Asking } from "./ask.ts";
import type { InteractionContext } from "./context.ts";
import { showReply, type Choice } from "./respond.ts";
import type { CommandName } from "../../../src/commands/command.ts";
import { ADMIN_COMMAND, slashWords } from "../registration/definitions.ts";
import type { Interaction, Option } from "../wire/interaction.ts";
import { completions } from "../../../src/commands/completions.ts";
import { cutLine } from "../render/lines.ts";

interface SlashPorts {
  readonly intake: Pick<Intake, "command">;
  readonly guilds: Pick<Guilds, "channel">;
  readonly asking: Pick<Asking, "askQuestion">;
}

/** Runs a slash command. It is acknowledged first, because Discord waits only three seconds. */
export async function runCommand(
  { intake, guilds, asking }: SlashPorts,
  context: InteractionContext,
): Promise<void> {
  const { interaction, respond, caller } = context;
  const invoked = readInvoked(interaction.data);
  if (!invoked) {
    return respond.replyPrivately({
      content: "This command is from another version: please reload Discord.",
    });
  }
  if (invoked.name === "ask") return asking.askQuestion(context, invoked.values);
  const ephemeral = COMMANDS[invoked.name].repliesTo === "asker";
  await respond.defer(ephemeral);
  const about = aboutOf(guilds, context, invoked);
  const reply =
    about === undefined
      ? NO_SUCH_THREAD
      : await intake.command({ ...caller, ...about, text: commandText(invoked) });
  await showReply(respond, reply, ephemeral);
}

const NO_SUCH_THREAD = refused("This channel has no such thread", [
  "Choose one from the list that Discord shows.",
]);

/** The thread that a command names; {}: none; undefined: not a thread of the channel. */
function aboutOf(
  guilds: SlashPorts["guilds"],
  { channel, place }: InteractionContext,
  { values }: Invoked,
) {
  const id = values.get("thread");
  if (id === undefined) return {};
  const thread = guilds.channel(id);
  // Members of the channel can read its public threads, but not others.
  if (!isThreadOf(thread, channel.id) || isPrivateThread(thread.type)) return undefined;
  const inThread: DiscordPlace = { ...place, channel: channel.id, thread: id };
  return { conversation: conversationOf(inThread) };
}

/** A parsed slash command. */
export interface Invoked {
  readonly name: CommandName;
  /** Option values by name. */
  readonly values: ReadonlyMap<string, string>;
  /** The option that the user is typing. */
  readonly focused: string | undefined;
  /** Of `/parley-admin`. */
  readonly wholeServer: boolean;
}

/** undefined: a command that this version does not have. */
export function readInvoked({ name = "", options }: Interaction["data"]): Invoked | undefined {
  const words = name === "ask" ? ["ask"] : [];
  let level: readonly Option[] = options;
  for (let [inner] = level; inner?.value === undefined && inner; [inner] = level) {
    words.push(inner.name);
    level = inner.options ?? [];
  }
  const command = COMMAND_NAMES.find((known) => slashWords(known) === words.join(" "));
  if (!command) return undefined;
  return {
    name: command,
    values: new Map(level.map((option) => [option.name, String(option.value)])),
    focused: level.find(({ focused }) => focused)?.name,
    wholeServer: name === ADMIN_COMMAND,
  };
}

/** The command as text. */
export function commandText({ name, values, wholeServer }: Invoked): string {
  const words = optionsOf(name).flatMap(({ name: option, write }) => {
    const value = values.get(option);
    return value === undefined || value.trim() === "" ? [] : [write(value)];
  });
  const hasScope = optionsOf(name).some(({ name: option }) => option === "scope");
  return [name, ...words, ...(wholeServer && hasScope ? ["--space"] : [])].join(" ");
}

/** Discord's limits. */
const MAX_CHOICES = 25;
const LONGEST_CHOICE = 100;

interface CompletionPorts {
  readonly guilds: Pick<Guilds, "threadsOf">;
  readonly commands: Pick<CommandPorts, "teams" | "bindings" | "turns">;
  readonly onProblem: (problem: unknown) => void;
}

/** Autocomplete. It cannot be deferred, so a failure shows an empty list. */
export async function complete(ports: CompletionPorts, context: InteractionContext): Promise<void> {
  const choices = await choicesFor(ports, context).catch((error: unknown) => {
    ports.onProblem(error);
    return [];
  });
  await context.respond.choices(
    choices.filter(({ value }) => value.length <= LONGEST_CHOICE).slice(0, MAX_CHOICES),
  );
}

async function choicesFor(
  { guilds, commands }: CompletionPorts,
  context: InteractionContext,
): Promise<readonly Choice[]> {
  const invoked = readInvoked(context.interaction.data);
  if (!invoked?.focused) return [];
  const typed = invoked.values.get(invoked.focused) ?? "";
  if (invoked.focused === "thread" && COMMANDS[invoked.name].about === "any thread")
    return threadsLike(guilds, context, typed);
  const prefix = prefixOf(invoked);
  if (prefix === undefined) return [];
  const found = await completions(prefix + typed, commands, context.caller);
  return found.map(({ text, description }) => {
    const value = text.slice(prefix.length);
    return {
      value,
      name: cutLine(description === "" ? value : `${value} – ${description}`, LONGEST_CHOICE),
    };
  });
}

/** The text before the value in the typed command. */
const prefixOf = ({ name, focused }: Invoked): string | undefined =>
  name === "ask"
    ? "ask --team "
    : optionsOf(name).find((option) => option.name === focused)?.completes;

const threadsLike = (
  guilds: CompletionPorts["guilds"],
  { channel }: InteractionContext,
  typed: string,
) =>
  guilds
    .threadsOf(channel.id)
    .filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()))
    .map(({ id, name }) => ({ value: id, name: cutLine(name, LONGEST_CHOICE) }));
