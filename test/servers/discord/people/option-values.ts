import { type CommandOption, OPTION } from "../forms/command-form.ts";
import type { Json } from "../wire/json.ts";
import type { Named } from "../wire/interaction-json.ts";
import type { Channel } from "../world/channel.ts";
import type { StoredFile } from "../world/message.ts";
import type { World } from "../world/world.ts";
import type { CommandLine } from "./command-line.ts";
import { shownName } from "./place.ts";

export interface Answering {
  readonly world: World;
  readonly channel: Channel;
  /** Files at hand, by name. */
  readonly files: readonly StoredFile[];
}

interface Value {
  readonly value: unknown;
  readonly named?: Partial<Named>;
}

const number = (option: CommandOption, text: string): Value => {
  const value = Number(text);
  const isWhole = option.type !== OPTION.integer || Number.isInteger(value);
  const isWithin =
    value >= (option.min_value ?? -Infinity) && value <= (option.max_value ?? Infinity);
  if (text === "" || !isWhole || !isWithin)
    throw new Error(`${option.name} does not take "${text}".`);
  return { value };
};

const person = ({ world, channel }: Answering, text: string): Value => {
  const wanted = text.replace(/^@/, "");
  const id = [...world.users.keys()].find(
    (one) => one === wanted || shownName(world, channel.guildId, one) === wanted,
  );
  if (id === undefined) throw new Error(`There is nobody called "${text}".`);
  return { value: id, named: { users: [id] } };
};

const place = ({ world }: Answering, text: string): Value => {
  const wanted = text.replace(/^#/, "");
  const id = [...world.channels.values()].find(
    (one) => one.id === wanted || one.name === wanted,
  )?.id;
  if (id === undefined) throw new Error(`There is no channel "${text}".`);
  return { value: id, named: { channels: [id] } };
};

const role = ({ world, channel }: Answering, text: string): Value => {
  const wanted = text.replace(/^@/, "");
  const roles = [...(world.guilds.get(channel.guildId ?? "")?.roles.values() ?? [])];
  const id = roles.find((one) => one.id === wanted || one.name === wanted)?.id;
  if (id === undefined) throw new Error(`There is no role "${text}".`);
  return { value: id, named: { roles: [id] } };
};

const upload = ({ world, files }: Answering, text: string): Value => {
  const file = files.find(({ name }) => name === text);
  if (!file) throw new Error(`There is no file "${text}" at hand.`);
  world.uploads.set(file.id, file);
  return { value: file.id, named: { files: [file] } };
};

const words = (option: CommandOption, text: string): Value => {
  const { name, choices, min_length: least, max_length: most } = option;
  if (choices?.length) return { value: chosen(name, choices, text) };
  if (text.length < (least ?? 0) || text.length > (most ?? LONGEST)) {
    throw new Error(
      `${name} takes ${least ?? 0} to ${most ?? LONGEST} characters, not ${text.length}.`,
    );
  }
  return { value: text };
};

/** Characters that any option takes. */
const LONGEST = 6_000;

function chosen(
  option: string,
  choices: NonNullable<CommandOption["choices"]>,
  text: string,
): string | number {
  const choice = choices.find(({ name, value }) => name === text || value === text);
  if (!choice) throw new Error(`${option} does not take "${text}".`);
  return choice.value;
}

function valueOf(at: Answering, option: CommandOption, text: string): Value {
  switch (option.type) {
    case OPTION.integer:
    case OPTION.number:
      return number(option, text);
    case OPTION.boolean:
      return { value: /^(true|yes|on)$/i.test(text) };
    case OPTION.user:
      return person(at, text);
    case OPTION.mentionable:
      return text.startsWith("@&") ? role(at, text.slice(2)) : person(at, text);
    case OPTION.channel:
      return place(at, text);
    case OPTION.role:
      return role(at, text);
    case OPTION.attachment:
      return upload(at, text);
    default:
      return words(option, text);
  }
}

export interface Answers {
  /** As INTERACTION_CREATE nests them. */
  readonly options: readonly Json[];
  readonly named: Named;
}

/** Turns what was typed into values; throws what the app would say in red. */
export function answerOptions(at: Answering, line: CommandLine, isComplete: boolean): Answers {
  const missing = line.options.find(
    (option) => option.required && !line.given.some(({ option: { name } }) => name === option.name),
  );
  if (isComplete && missing) throw new Error(`The option "${missing.name}" is required.`);
  const last = line.given.at(-1);
  const answered = line.given.map((one) => {
    const isFocused = !isComplete && one === last;
    const { option, text } = one;
    // While it is being typed nothing is checked.
    const { value, named }: Value = isFocused ? { value: text } : valueOf(at, option, text);
    const json = {
      name: option.name,
      type: option.type,
      value,
      ...(isFocused && { focused: true }),
    };
    return { json, named };
  });
  return {
    options: line.path.toReversed().reduce<readonly Json[]>(
      (options, { name, type }) => [{ name, type, options }],
      answered.map(({ json }) => json),
    ),
    named: {
      users: answered.flatMap(({ named }) => named?.users ?? []),
      channels: answered.flatMap(({ named }) => named?.channels ?? []),
      roles: answered.flatMap(({ named }) => named?.roles ?? []),
      files: answered.flatMap(({ named }) => named?.files ?? []),
    },
  };
}
