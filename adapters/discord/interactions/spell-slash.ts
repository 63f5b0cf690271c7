import type { CommandName } from "../../../src/commands/command.ts";
import { SCOPE_FLAGS } from "../../../src/commands/command-levels.ts";
import type { CommandOption } from "../../../src/commands/command-options.ts";
import { splitWords } from "../../../src/commands/parse/command-words.ts";
import { COMMAND_NAMES, optionsOf } from "../../../src/commands/command-table.ts";
import type { Spell } from "../../../src/text/spelling.ts";
import { ADMIN_COMMAND, isAdminOnly, QUESTION, slashWords } from "../registration/definitions.ts";

/** `why --timing` is `why` with an option. */
const NAMES = COMMAND_NAMES.filter((name) => !name.includes(" --"));

/** A command as Discord shows it, with the names of its options: `/parley team use team:council scope:channel`. */
export const spellSlash: Spell = (words, form) => {
  const name = NAMES.findLast((one) => words === one || words.startsWith(`${one} `));
  if (name === undefined) return `/parley ${words}`;
  const given = splitWords(words.slice(name.length)).map(({ text }) => text);
  const isServers = isAdminOnly(name) || given.includes(SCOPE_FLAGS.space);
  if (form === "usage") return usageOf(name);
  const options = valuesOf(name, given).map(({ option, value }) => `${option}:${value}`);
  return [`/${isServers ? ADMIN_COMMAND : "parley"} ${slashWords(name)}`, ...options].join(" ");
};

/** `/parley team use team: [scope:]`. */
const usageOf = (name: CommandName): string =>
  [
    `/${isAdminOnly(name) ? ADMIN_COMMAND : "parley"} ${slashWords(name)}`,
    ...optionNames(name),
  ].join(" ");

const optionNames = (name: CommandName): readonly string[] =>
  name === "ask"
    ? [`${QUESTION}:`, "[team:]"]
    : optionsOf(name).map((option) => (option.required ? `${option.name}:` : `[${option.name}:]`));

interface Value {
  readonly option: string;
  readonly value: string;
}

/** The words as values of the command's options. */
function valuesOf(name: CommandName, given: readonly string[]): readonly Value[] {
  if (name === "ask") return valuesOfQuestion(given);
  const options = optionsOf(name);
  const chosen = given.flatMap((word) => choiceOf(options, word) ?? []);
  const [first, ...rest] = options.filter(({ name: own }) => !chosen.some((c) => c.option === own));
  const free = given.filter((word) => !word.startsWith("-") && !choiceOf(options, word));
  const values = first ? free.filter((word) => !isLead(first, word)) : [];
  // Only the last of the options takes several words.
  const [head, ...more] = values;
  const second = rest.find(({ choices }) => choices === undefined);
  if (first === undefined || head === undefined) return chosen;
  if (second && more.length > 0)
    return [
      { option: first.name, value: head },
      { option: second.name, value: more.join(" ") },
    ];
  return [{ option: first.name, value: values.join(" ") }, ...chosen];
}

/** Words that the option writes itself: "with" of `retry with TEAM`. */
const isLead = ({ write }: CommandOption, word: string): boolean =>
  write("").trim() === word && word !== "";

/** The option that has this word among its choices, as a flag or as it is. */
function choiceOf(options: readonly CommandOption[], word: string): Value | undefined {
  for (const { name, choices = [], write } of options) {
    const value = choices.find((choice) => write(choice) === word);
    if (value !== undefined) return { option: name, value };
  }
  return undefined;
}

function valuesOfQuestion([first, team, ...rest]: readonly string[]): readonly Value[] {
  const isNamed = first === "--team" && team !== undefined;
  const words = isNamed ? rest : [first, team, ...rest].filter((word) => word !== undefined);
  const question = { option: QUESTION, value: words.join(" ") };
  return isNamed ? [question, { option: "team", value: team }] : [question];
}
