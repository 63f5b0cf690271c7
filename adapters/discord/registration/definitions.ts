import {
  ApplicationCommandOptionType as OptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
} from "discord.js";
import type { CommandName } from "../../../src/commands/command.ts";
import { isAtLeast } from "../../../src/commands/command-levels.ts";
import type { CommandOption } from "../../../src/commands/command-options.ts";
import { COMMAND_NAMES, COMMANDS, optionsOf } from "../../../src/commands/command-table.ts";

/** The question must fit into a message together with the line that names the asker and the team. */
const LONGEST_QUESTION = 1_800;
const FILES = ["file", "file2", "file3"] as const;

/** The option of `ask` with its text. */
export const QUESTION = "question";
export const MENU_COMMAND = "Ask the team";
export const ADMIN_COMMAND = "parley-admin";

/** All commands as Discord's API defines them. */
export const commandDefinitions = (): readonly Record<string, unknown>[] => [
  { ...ask("ask"), ...EVERYWHERE, type: ApplicationCommandType.ChatInput },
  {
    name: "parley",
    description: "Teams of AI agents that answer in threads",
    type: ApplicationCommandType.ChatInput,
    ...EVERYWHERE,
    options: grouped(COMMAND_NAMES.filter((name) => !isAdminOnly(name))),
  },
  {
    name: ADMIN_COMMAND,
    description: "Parley in the whole server",
    type: ApplicationCommandType.ChatInput,
    ...EVERYWHERE,
    contexts: [InteractionContextType.Guild],
    // A server's settings can override this, so every command checks the level again.
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
    options: grouped(COMMAND_NAMES.filter(isForAdmins), withoutScope),
  },
  { name: MENU_COMMAND, type: ApplicationCommandType.Message, ...EVERYWHERE },
];

/** In servers and in direct messages. Not as a user install, which could neither read nor open threads. */
const EVERYWHERE = {
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  integration_types: [ApplicationIntegrationType.GuildInstall],
};

/** Of `/parley-admin` alone. */
export const isAdminOnly = (name: CommandName): boolean => {
  const { level } = COMMANDS[name];
  return typeof level === "string" && isAtLeast(level, "admin");
};

const isForAdmins = (name: CommandName): boolean => {
  const { level } = COMMANDS[name];
  return isAdminOnly(name) || (typeof level !== "string" && level.space === "admin");
};

const withoutScope = ({ name }: CommandOption): boolean => name !== "scope";

/** A command's name as Discord takes it, whose groups have one level: "stats models-reset". */
export const slashWords = (name: CommandName): string => name.replace(/^(\S+ \S+) (?=\S)/, "$1-");

/** "team use" becomes the subcommand `use` of the group `team`. */
function grouped(
  names: readonly CommandName[],
  keep: (option: CommandOption) => boolean = () => true,
): readonly Record<string, unknown>[] {
  const heads = [...new Set(names.map((name) => name.split(" ")[0] ?? name))];
  return heads.map((head) => {
    const single = names.find((name) => name === head);
    if (single) return subcommand(single, head, keep);
    const members = names.filter((name) => name.startsWith(`${head} `));
    return {
      type: OptionType.SubcommandGroup,
      name: head,
      description: `Commands for ${head === "team" ? "teams" : head}`,
      options: members.map((name) =>
        subcommand(name, slashWords(name).slice(head.length + 1), keep),
      ),
    };
  });
}

function subcommand(name: CommandName, word: string, keep: (option: CommandOption) => boolean) {
  if (name === "ask") return { ...ask(word), type: OptionType.Subcommand };
  const options = optionsOf(name).filter(keep).map(optionDefinition);
  return {
    type: OptionType.Subcommand,
    name: word,
    description: describe(COMMANDS[name].summary),
    options: COMMANDS[name].about === "any thread" ? [...options, THREAD] : options,
  };
}

const THREAD = {
  type: OptionType.String,
  name: "thread",
  description: "One of this channel's threads, from outside it",
  autocomplete: true,
};

const optionDefinition = ({ name, description, required, choices, completes }: CommandOption) => ({
  type: OptionType.String,
  name,
  description: describe(description),
  ...(required && { required }),
  ...(choices && { choices: choices.map((choice) => ({ name: choice, value: choice })) }),
  ...(completes && { autocomplete: true }),
});

const ask = (name: string) => ({
  name,
  description: describe(COMMANDS.ask.summary),
  options: [
    {
      type: OptionType.String,
      name: QUESTION,
      description: "What you want to know",
      required: true,
      max_length: LONGEST_QUESTION,
    },
    {
      type: OptionType.String,
      name: "team",
      description: "Another team, just this once",
      autocomplete: true,
    },
    ...FILES.map((file) => ({
      type: OptionType.Attachment,
      name: file,
      description: "An image, a PDF or a text that the question is about",
    })),
  ],
});

/** Discord's limit is 100 characters. A space is a server there. */
const describe = (summary: string): string =>
  (summary.charAt(0).toUpperCase() + summary.slice(1))
    .replaceAll("`", "")
    .replaceAll(/\bspace\b/g, "server")
    .slice(0, 100);
