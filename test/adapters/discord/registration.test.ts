import { expect, test } from "vitest";
import { commandText, readInvoked } from "../../../adapters/discord/interactions/slash-command.ts";
import {
  commandDefinitions,
  slashWords,
} from "../../../adapters/discord/registration/definitions.ts";
import { Interaction } from "../../../adapters/discord/wire/interaction.ts";
import { usageOf } from "../../../src/commands/command-levels.ts";
import { COMMAND_NAMES, COMMANDS, optionsOf } from "../../../src/commands/command-table.ts";
import type { CommandName } from "../../../src/commands/command.ts";
import { parseCommand } from "../../../src/commands/parse/parse-command.ts";

const dataOf = (data: unknown) =>
  Interaction.parse({ id: "1", application_id: "2", token: "t", type: 2, data }).data;
const invoked = (data: unknown) => {
  const read = readInvoked(dataOf(data));
  return read && commandText(read);
};

test("every shared command is a subcommand, and a flag in its name is a choice", () => {
  const [, parley, admin] = commandDefinitions().map((command) => JSON.stringify(command));
  for (const name of COMMAND_NAMES)
    for (const word of slashWords(name).split(" "))
      expect(usageOf(name, "operator") === null ? admin : parley).toContain(
        word.startsWith("--") ? `"value":"${word.slice(2)}"` : `"name":"${word}"`,
      );
});

test("the commands respect Discord's limits", () => {
  for (const command of commandDefinitions()) {
    expect(JSON.stringify(command).length).toBeLessThanOrEqual(8_000);
    const text = JSON.stringify(command);
    for (const [, description = ""] of text.matchAll(/"description":"([^"]*)"/g))
      expect(description.length).toBeLessThanOrEqual(100);
  }
});

test("commands about the whole server are for its managers", () => {
  const admin = commandDefinitions().find(({ name }) => name === "parley-admin");
  expect(admin).toMatchObject({ default_member_permissions: "32", contexts: [0] });
  expect(JSON.stringify(admin)).not.toContain('"scope"');
});

const TURN = "0199c1a2-7b1e-7cc3-9d56-0c3a2f5d8e11";
const sub = (name: string, options: unknown[] = []) => ({ name, type: 1, options });

test.each([
  [{ name: "parley", options: [sub("stop")] }, "stop"],
  [
    {
      name: "parley",
      options: [
        sub("team", [
          sub("use", [
            { name: "team", value: "council" },
            { name: "scope", value: "channel" },
          ]),
        ]),
      ],
    },
    "team use council --channel",
  ],
  [
    {
      name: "parley-admin",
      options: [sub("team", [sub("use", [{ name: "team", value: "duo" }])])],
    },
    "team use duo --space",
  ],
  [{ name: "parley-admin", options: [sub("team", [sub("reload")])] }, "team reload"],
  [{ name: "parley", options: [sub("stats", [sub("models")])] }, "stats models"],
  [
    {
      name: "parley-admin",
      options: [sub("stats", [sub("models-reset", [{ name: "sure", value: "yes" }])])],
    },
    "stats models reset yes",
  ],
  [
    {
      name: "parley-admin",
      options: [
        sub("budget", [
          sub("set", [
            { name: "limit", value: "10 turns an hour" },
            { name: "for", value: "person" },
          ]),
        ]),
      ],
    },
    "budget set 10 turns an hour --person",
  ],
  [
    {
      name: "parley-admin",
      options: [sub("budget", [sub("allow", [{ name: "where", value: "thread" }])])],
    },
    "budget allow --here",
  ],
  [{ name: "parley", options: [sub("retry", [{ name: "team", value: "duo" }])] }, "retry with duo"],
  [
    {
      name: "parley",
      options: [
        sub("retry", [
          { name: "turn", value: TURN },
          { name: "team", value: "duo" },
        ]),
      ],
    },
    `retry with duo of ${TURN}`,
  ],
  [{ name: "parley", options: [sub("why", [{ name: "turn", value: TURN }])] }, `why ${TURN}`],
  [
    {
      name: "parley",
      options: [
        sub("why", [
          { name: "show", value: "timing" },
          { name: "turn", value: TURN },
        ]),
      ],
    },
    `why --timing ${TURN}`,
  ],
  [
    { name: "parley", options: [sub("agents", [sub("add", [{ name: "agents", value: "a b" }])])] },
    "agents add a b",
  ],
  [
    { name: "parley", options: [sub("prefer", [{ name: "answer", value: "GPT 5" }])] },
    'prefer "GPT 5"',
  ],
])("a slash command says what the shared one does", (data, text) => {
  expect(invoked(data)).toBe(text);
  expect(parseCommand(text).name).not.toBe("problem");
});

test("a command of another version is ignored", () => {
  expect(invoked({ name: "parley", options: [sub("dance")] })).toBeUndefined();
});

const SAMPLES: Readonly<Record<string, string>> = {
  limit: "5usd/day",
  what: "3",
  turn: TURN,
  key: "sk-1234567890",
};

/** A value for every option, as Discord sends them. */
const filled = (name: CommandName) =>
  optionsOf(name)
    .filter((option) => option !== COMMANDS[name].variant)
    .map((option) => ({
      name: option.name,
      value: option.choices?.[0] ?? SAMPLES[option.name] ?? "some",
    }));

const FORMS = COMMAND_NAMES.filter((name) => name !== "ask" && name !== "why --timing");

test.each(FORMS)("%s with all options is parsed without losing any", (name) => {
  const words = slashWords(name).split(" ");
  const path = [
    words.length > 1
      ? sub(words[0] ?? "", [sub(words[1] ?? "", filled(name))])
      : sub(name, filled(name)),
  ];
  const text = invoked({ name: "parley", options: path }) ?? "";
  const command = parseCommand(text);
  expect(command.name).toBe(name);
  const { scope: _, ...carried } = { scope: null, ...command };
  const asked = Object.entries(COMMANDS[name].options).filter(([, option]) => option !== null);
  const missing = asked.filter(
    ([field]) => field !== "scope" && isEmpty(Reflect.get(carried, field)),
  );
  expect(missing).toEqual([]);
});

const isEmpty = (value: unknown): boolean => value === null || value === undefined;

test("a command with arguments has options on Discord", () => {
  const takesWords = (name: CommandName) => COMMANDS[name].usage !== "";
  expect(FORMS.filter((name) => takesWords(name) && optionsOf(name).length === 0)).toEqual([]);
});
