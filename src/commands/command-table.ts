import type { CommandName } from "./command.ts";
import { type CommandEntry, type CommandTable, TELLS } from "./command-entry.ts";
import * as option from "./command-options.ts";
import { PLACE_COMMANDS } from "./place-command-table.ts";
import { TURN_COMMANDS } from "./turn-command-table.ts";

/** Every command, in the order of `help`. */
const TABLE: CommandTable = {
  help: {
    usage: "[COMMAND]",
    summary: "show the commands you can use",
    level: "everyone",
    options: { topic: option.topic },
    ...TELLS,
  },
  ...TURN_COMMANDS,
  ...PLACE_COMMANDS,
};
export const COMMANDS: Readonly<Record<CommandName, CommandEntry>> = TABLE;

const isName = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);

/** In the order of `help`. */
export const COMMAND_NAMES: readonly CommandName[] = Object.keys(COMMANDS).filter(isName);

/** What a form asks for before the command is given, in this order. */
export const optionsOf = (name: CommandName): readonly option.CommandOption[] => {
  const { options, variant } = COMMANDS[name];
  return [variant, ...Object.values(options)].filter((one) => one !== undefined && one !== null);
};
