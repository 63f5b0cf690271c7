import { completions } from "../../../src/commands/completions.ts";
import { COMMANDS, optionsOf } from "../../../src/commands/command-table.ts";
import { cutLine } from "../threads/thread-name.ts";
import { type Invoked, readInvoked } from "./command-text.ts";
import type { InteractionPorts, Scene } from "./interaction-ports.ts";
import type { Choice } from "./respond.ts";

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
