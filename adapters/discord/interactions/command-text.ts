import type { CommandName } from "../../../src/commands/command.ts";
import { COMMAND_NAMES, optionsOf } from "../../../src/commands/command-table.ts";
import { ADMIN_COMMAND } from "../registration/definitions.ts";
import type { Interaction, Option } from "../wire/interaction.ts";

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
