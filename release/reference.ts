import { z } from "zod";
import { DiscordEnv } from "../adapters/discord/env.ts";
import { SlackEnv } from "../adapters/slack/env.ts";
import { TerminalEnv } from "../adapters/terminal/env.ts";
import { ManifestEnv } from "../adapters/slack/install/manifest.ts";
import { KEYS, localCommands } from "../adapters/terminal/commands/local-commands.ts";
import { COMMAND_NAMES, COMMANDS } from "../src/commands/command-table.ts";
import { settingRows } from "../src/settings.ts";
import { teamSchema } from "../src/teams/files/team-schema.ts";
import { eventsPage } from "./events-page.ts";
import { GENERATED, table } from "./markdown.ts";
import { securityDataCostPage } from "./security-page.ts";

/** The pages that are generated from the schemas and tables of the code. */
export const referencePages = (): Readonly<Record<string, string>> => ({
  "docs/reference/commands.md": commandsPage(),
  "docs/reference/events.md": eventsPage(),
  "docs/reference/settings.md": settingsPage(),
  "docs/reference/team-file.md": teamFilePage(),
  "docs/security-data-cost.md": securityDataCostPage(),
});

/** The parts of JSON Schema that these pages show. */
const Schema = z.looseObject({
  type: z.string().optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get items() {
    return Schema.optional();
  },
  get anyOf() {
    return z.array(Schema).optional();
  },
});
type Schema = z.infer<typeof Schema>;

const propertiesOf = (env: z.ZodType): readonly (readonly [string, Schema])[] =>
  Object.entries(
    Schema.parse(z.toJSONSchema(env, { io: "input", unrepresentable: "any" })).properties ?? {},
  );

const code = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? `\`${value}\``
    : "";

const SECRET = /_(TOKEN|SECRET)(_OLD)?$/;

const settingTable = (...schemas: readonly z.ZodType[]): string => {
  const all = new Map(schemas.flatMap(propertiesOf).toReversed());
  const order = new Set(schemas.flatMap(propertiesOf).map(([name]) => name));
  const rows = [...order].map((name) => {
    const { default: fallback, description = "" } = all.get(name) ?? {};
    return [`\`${name}${SECRET.test(name) ? "[_FILE]" : ""}\``, code(fallback), description];
  });
  return table(["Variable", "Default", "Meaning"], rows);
};

const settingsPage = (): string => `# Settings

${GENERATED}

Parley reads its settings from environment variables. An empty variable counts as not set.

A variable marked \`[_FILE]\` is a secret. You can put it into a file and name that file instead:
\`OPENAI_API_KEY_FILE=/run/secrets/openai\`.

- [All platforms](#all-platforms)
- [Slack](#slack)
- [Discord](#discord)
- [Terminal](#terminal)

## All platforms

${table(
  ["Variable", "Default", "Meaning"],
  settingRows().map(({ name, fallback, description }) => [
    `\`${name}\``,
    fallback && code(fallback),
    description,
  ]),
)}

## Slack

[Slack](../how-to/slack.md) explains the features behind them.

${settingTable(SlackEnv, ManifestEnv)}

## Discord

[Discord](../how-to/discord.md) explains the features behind them.

${settingTable(DiscordEnv)}

## Terminal

[Quick start: terminal](../quick-start-terminal.md) explains the features behind them. \`NO_COLOR\` turns colours off; with \`TERM=dumb\`, Parley writes
lines alone.

${settingTable(TerminalEnv)}
`;

const WHO = {
  everyone: "everyone",
  operator: "operators",
  admin: "admins",
  installation: "installation admins",
} as const;

function whoMay(name: (typeof COMMAND_NAMES)[number]): string {
  const { level } = COMMANDS[name];
  if (typeof level === "string") return WHO[level];
  return `thread: ${WHO[level.thread]}, \`--channel\`: ${WHO[level.channel]}, \`--space\`: ${WHO[level.space]}`;
}

const commandsPage = (): string => `# Commands

${GENERATED}

The commands are the same on every platform. How you write one depends on where you are:

| Where | Example |
| --- | --- |
| Slack | \`/parley team use council\`; in a thread, where Slack has no slash commands, \`@Parley !team use council\` |
| Discord | \`/parley team use\`, \`/ask\`; for the whole server \`/parley-admin team use\`; or \`@Parley !team use council\` |
| Terminal | \`/team use council\` |

In a message for Parley, a command alone works without \`!\` too: \`@Parley stop\`. \`why\` and \`ask\` need it, since they may begin a question.

A _space_ is a Slack workspace or a Discord server. [Who is an operator or an admin](../operations.md#many-workspaces) depends on the
platform and on the team file.

${table(
  ["Command", "What it does", "Who may use it"],
  COMMAND_NAMES.map((name) => [
    `\`${[name, COMMANDS[name].usage].filter(Boolean).join(" ")}\``,
    COMMANDS[name].summary,
    whoMay(name),
  ]),
)}

## Terminal only

${table(
  ["Command", "What it does"],
  localCommands().map(({ name, usage, about }) => [`\`${`/${name} ${usage}`.trimEnd()}\``, about]),
)}

${table(
  ["Keys", "What they do"],
  KEYS.map(([keys, about]) => [keys, about]),
)}
`;

/** Keys of a mapping, each with its path: \`limits.rounds\`, \`agents[].backend.type\`. */
function keyRows(schema: Schema, path: string, skip: (path: string) => boolean): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const here = path === "" ? name : `${path}.${name}`;
    const row = [`\`${here}\``, valueOf(child), code(child.default), child.description ?? ""];
    if (skip(here)) return [row];
    const list = child.items ?? child.anyOf?.find(({ items }) => items)?.items;
    return [row, ...keyRows(child, here, skip), ...(list ? keyRows(list, `${here}[]`, skip) : [])];
  });
}

function valueOf({ type, enum: values, anyOf, const: only }: Schema): string {
  if (values) return values.map(code).join(", ");
  if (only !== undefined) return code(only);
  if (anyOf) return anyOf.map(valueOf).filter(Boolean).join(" or ");
  return type ?? "";
}

const isBackendAgain = (path: string) => path === "agents[].fallback" || path === "router";

const teamFilePage = (): string => `# Team file

${GENERATED}

A team is a YAML file. [Teams](../how-to/teams.md) explains how to write and use one.
Parley rejects a file that has an unknown key. \`configs/schema.json\` completes the keys in your editor.

\`agents[].fallback\` and \`router\` take the same keys as \`agents[].backend\`.

${table(
  ["Key", "Value", "Default", "Meaning"],
  keyRows(Schema.parse(teamSchema()), "", isBackendAgain),
)}
`;
