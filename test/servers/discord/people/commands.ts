import { z } from "zod";
import { CommandOption } from "../forms/command-form.ts";
import { type Named, resolvedJson } from "../wire/interaction-json.ts";
import type { Json } from "../wire/json.ts";
import { messageJson } from "../wire/message-json.ts";
import type { Channel } from "../world/channel.ts";
import { permissionsIn } from "../world/look-up.ts";
import type { Message } from "../world/message.ts";
import { PERMISSION } from "../world/permissions.ts";
import type { Command, World } from "../world/world.ts";
import { readCommandLine } from "./command-line.ts";
import { type Answering, answerOptions } from "./option-values.ts";

const Options = z.array(CommandOption);

const TYPES = { chat: 1, user: 2, message: 3 } as const;

const isOffered = (world: World, channel: Channel, userId: string, command: Command): boolean => {
  const { default_member_permissions: needed, contexts } = command.definition;
  const bits = permissionsIn(world, channel, userId);
  const mayUse = (bits & PERMISSION.USE_APPLICATION_COMMANDS) !== 0n;
  const isHere = command.guildId === null || command.guildId === channel.guildId;
  const context = channel.guildId === null ? 1 : 0;
  const fits = !Array.isArray(contexts) || contexts.includes(context);
  const suffices =
    channel.guildId === null || typeof needed !== "string" || hasAll(bits, BigInt(needed));
  return mayUse && isHere && fits && suffices;
};

/** "0" is for administrators alone. */
const hasAll = (bits: bigint, needed: bigint): boolean => {
  const wanted = needed === 0n ? PERMISSION.ADMINISTRATOR : needed;
  return (bits & wanted) === wanted;
};

/** Commands that the app offers somebody in a place; those of the guild first. */
export const offeredCommands = (
  world: World,
  channel: Channel,
  userId: string,
): readonly Command[] =>
  [...world.commands.values()]
    .filter((command) => isOffered(world, channel, userId, command))
    .toSorted((a, b) => Number(a.guildId === null) - Number(b.guildId === null));

function offered(at: Answering, userId: string, type: number, name: string): Command {
  const commands = offeredCommands(at.world, at.channel, userId);
  const command = commands.find((one) => one.type === type && one.name === name);
  if (command) return command;
  const others = commands.map((one) => (one.type === TYPES.chat ? `/${one.name}` : one.name));
  throw new Error(`"${name}" is not offered here, only: ${others.join(", ") || "nothing"}.`);
}

const dataOf = (command: Command, more: Json): Json => ({
  id: command.id,
  name: command.name,
  type: command.type,
  ...(command.guildId !== null && { guild_id: command.guildId }),
  ...more,
});

const resolved = ({ world, channel }: Answering, named: Named): Json => {
  const json = resolvedJson(world, channel, named);
  return Object.keys(json).length > 0 ? { resolved: json } : {};
};

export interface Typed {
  readonly userId: string;
  /** With its slash. */
  readonly text: string;
  /** False: it is still being typed, and the last option wants suggestions. */
  readonly isComplete: boolean;
}

/** The data of a slash command; throws when the app would not let it be sent. */
export function slashData(at: Answering, { userId, text, isComplete }: Typed): Json {
  const { name, rest } = readSlash(text);
  const command = offered(at, userId, TYPES.chat, name);
  const line = readCommandLine(Options.parse(command.definition["options"] ?? []), rest);
  const focused = line.given.at(-1)?.option;
  if (!isComplete && !focused?.autocomplete) {
    throw new Error(`"${focused?.name ?? text}" has no autocomplete.`);
  }
  const { options, named } = answerOptions(at, line, isComplete);
  return dataOf(command, { ...(options.length > 0 && { options }), ...resolved(at, named) });
}

function readSlash(text: string): { readonly name: string; readonly rest: string } {
  const { name, rest } = /^\/(?<name>\S+)\s*(?<rest>[\s\S]*)$/.exec(text)?.groups ?? {};
  if (name === undefined) throw new Error(`"${text}" does not begin with a slash.`);
  return { name, rest: rest ?? "" };
}

/** The data of a command from a message's menu. */
export function menuData(at: Answering, userId: string, name: string, target: Message): Json {
  const command = offered(at, userId, TYPES.message, name);
  const json = messageJson(at.world, target, { withContent: true });
  return dataOf(command, {
    target_id: target.id,
    resolved: { messages: { [target.id]: json } },
  });
}
