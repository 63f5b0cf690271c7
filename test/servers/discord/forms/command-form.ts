import { z } from "zod";
import { mistake, parseForm, text } from "./parse-form.ts";

export const OPTION = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;

const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

const Name = z.string().superRefine((name, context) => {
  if (NAME.test(name) && name === name.toLowerCase()) return;
  mistake(context, [], {
    code: "APPLICATION_COMMAND_INVALID_NAME",
    message: "Command name is invalid",
  });
});

const Choice = z.looseObject({
  name: text(100, 1),
  value: z.union([text(100), z.number()]),
});

/** An option of a command; subcommands have options of their own. */
export const CommandOption = z.looseObject({
  type: z.int().min(1).max(11),
  name: Name,
  description: text(100, 1),
  required: z.boolean().nullish(),
  autocomplete: z.boolean().nullish(),
  choices: z.array(Choice).max(25).nullish(),
  min_value: z.number().nullish(),
  max_value: z.number().nullish(),
  min_length: z.int().nullish(),
  max_length: z.int().nullish(),
  get options(): z.ZodOptional<z.ZodNullable<z.ZodArray<typeof CommandOption>>> {
    return z.array(CommandOption).max(25).superRefine(checkOptions).nullish();
  },
});
export type CommandOption = z.infer<typeof CommandOption>;

function checkOptions(options: readonly CommandOption[], context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  let hasOptional = false;
  for (const [index, option] of options.entries()) {
    if (seen.has(option.name)) {
      mistake(context, [index, "name"], {
        code: "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
        message: "Option name already exists",
      });
    }
    if (option.required && hasOptional) {
      mistake(context, [index], {
        code: "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        message: "Required options must be placed before non-required options",
      });
    }
    if (option.autocomplete && option.choices?.length) {
      mistake(context, [index], {
        code: "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_WITH_CHOICES",
        message: "Autocomplete options cannot have choices",
      });
    }
    seen.add(option.name);
    hasOptional ||= !option.required;
  }
}

const shared = {
  default_member_permissions: z.string().nullish(),
  contexts: z.array(z.int().min(0).max(2)).nullish(),
  integration_types: z.array(z.int().min(0).max(1)).nullish(),
  nsfw: z.boolean().nullish(),
};

const ChatCommand = z.looseObject({
  ...shared,
  type: z.literal(1).default(1),
  name: Name,
  description: text(100, 1),
  options: z.array(CommandOption).max(25).superRefine(checkOptions).nullish(),
});

const MenuCommand = z.looseObject({
  ...shared,
  type: z.union([z.literal(2), z.literal(3)]),
  name: text(32, 1),
  description: z.literal("").nullish(),
});

const Kind = z.looseObject({ type: z.int().nullish() });

export type CommandForm = z.infer<typeof ChatCommand> | z.infer<typeof MenuCommand>;

const MOST_CHARACTERS = 8_000;

const Lengthy = z.unknown().superRefine((command, context) => {
  if (lengthOf(command) <= MOST_CHARACTERS) return;
  mistake(context, [], {
    code: "APPLICATION_COMMAND_TOO_LARGE",
    message: `Command exceeds maximum size (${MOST_CHARACTERS})`,
  });
});

/** Names, descriptions and values over a command and everything under it. */
function lengthOf(part: unknown): number {
  if (Array.isArray(part)) return part.reduce<number>((sum, one) => sum + lengthOf(one), 0);
  if (typeof part !== "object" || part === null) return 0;
  return Object.entries(part).reduce((sum, [key, value]) => {
    const counts = ["name", "description", "value"].includes(key) && typeof value === "string";
    return sum + (counts ? value.length : lengthOf(value));
  }, 0);
}

export function parseCommandForm(body: unknown): CommandForm {
  parseForm(Lengthy, body);
  const type = Kind.safeParse(body).data?.type ?? 1;
  return type === 1 ? parseForm(ChatCommand, body) : parseForm(MenuCommand, body);
}

/** Most commands of each type: slash, user menu, message menu. */
const MOST: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15 };

/** A whole set, as it is put in one call. */
export function parseCommandForms(body: unknown): readonly CommandForm[] {
  const Set_ = z.array(z.unknown()).superRefine((commands, context) => {
    const forms = commands.map((command) => Kind.safeParse(command).data ?? {});
    for (const [type, most] of Object.entries(MOST)) {
      const count = forms.filter((form) => String(form.type ?? 1) === type).length;
      if (count <= most) continue;
      mistake(context, [], {
        code: "APPLICATION_COMMANDS_MAX",
        message: `Maximum number of application commands reached (${most}).`,
      });
    }
    const names = commands.map((command) => {
      const { name, type } = { name: "", type: 1, ...z.looseObject({}).parse(command) };
      return `${String(type)}/${String(name)}`;
    });
    if (new Set(names).size < names.length) {
      mistake(context, [], {
        code: "APPLICATION_COMMANDS_DUPLICATE_NAME",
        message: "Application command names must be unique",
      });
    }
  });
  return parseForm(Set_, body ?? []).map(parseCommandForm);
}
