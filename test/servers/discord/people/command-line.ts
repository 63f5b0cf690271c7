import { type CommandOption, OPTION } from "../forms/command-form.ts";

/** What a person has typed after the command: which subcommand, and a text for each option. */
export interface CommandLine {
  /** Subcommand group and subcommand. */
  readonly path: readonly CommandOption[];
  readonly given: readonly { readonly option: CommandOption; readonly text: string }[];
  /** Options that can be given here. */
  readonly options: readonly CommandOption[];
}

const NESTED: readonly number[] = [OPTION.subcommand, OPTION.group];

/** Reads "team use name: council here: true"; a lone text without a name goes to the first option. */
export function readCommandLine(options: readonly CommandOption[], text: string): CommandLine {
  const [word = "", ...rest] = text.trim().split(/\s+/);
  const nested = options.filter(({ type }) => NESTED.includes(type));
  if (nested.length === 0) return { path: [], options, given: readOptions(options, text) };
  const chosen = nested.find(({ name }) => name === word);
  if (!chosen) {
    const known = nested.map(({ name }) => name).join(", ");
    throw new Error(`There is no subcommand "${word}", only ${known}.`);
  }
  const below = readCommandLine(chosen.options ?? [], rest.join(" "));
  return { ...below, path: [chosen, ...below.path] };
}

function readOptions(options: readonly CommandOption[], text: string): CommandLine["given"] {
  const names = options.map(({ name }) => RegExp.escape(name)).join("|");
  const [first] = options;
  if (!first) {
    if (text.trim()) throw new Error(`This takes no options, but "${text.trim()}" was typed.`);
    return [];
  }
  const parts = text.split(new RegExp(`(?:^|\\s)(${names}):`));
  const [loose = ""] = parts;
  const given = parts.slice(1).reduce<CommandLine["given"]>((all, part, index, split) => {
    const option = index % 2 === 0 ? options.find(({ name }) => name === part) : undefined;
    return option ? [...all, { option, text: (split[index + 1] ?? "").trim() }] : all;
  }, []);
  return loose.trim() ? [{ option: first, text: loose.trim() }, ...given] : given;
}
