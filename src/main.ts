#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDiscordConfigured } from "../adapters/discord/env.ts";
import { isSlackConfigured } from "../adapters/slack/env.ts";
import manifest from "#package" with { type: "json" };
import { backUp } from "./cli/back-up.ts";
import { importTeam } from "./cli/import-team.ts";
import { type MigrateFlags, migrateStore } from "./cli/migrate-store.ts";
import { CLI_HELP, CliError, type CliCommand, parseCli } from "./cli/parse-cli.ts";
import type { Said } from "./cli/said.ts";
import { runTeamFiles } from "./cli/team-files.ts";
import { validateTeams } from "./cli/validate-teams.ts";
import { systemClock } from "./clock.ts";
import { completions } from "./commands/completions.ts";
import { type ConversationId, parseConversationId } from "./ids.ts";
import type { Parley } from "./parley.ts";
import { PlatformError } from "./platform.ts";
import { formatCount } from "./progress/format.ts";
import { type Adapter, type AdapterContext, type AdapterTable, serve } from "./serve.ts";
import { loadSettings, SettingsError } from "./settings.ts";
import { StoreError } from "./store/store-error.ts";
import { NoTeamError } from "./teams/bindings.ts";
import { ImportError } from "./teams/import-massgen.ts";
import { PushError } from "./teams/pushed-teams.ts";
import { teamSchema } from "./teams/team-schema.ts";

const { stdin: input, stdout: output, stderr: error, env, pid } = process;
const version = `Parley ${manifest.version} (Node ${process.versions.node})`;

const surroundings = {
  input,
  output,
  error,
  pid,
  version,
  signals: process,
  clock: systemClock,
};

/** The one place that knows the adapters; each loads its SDK only when it is served. */
const ADAPTERS: AdapterTable = {
  terminal: {
    isConfigured: () => false,
    ownsScreen: (_, { once, json }) => input.isTTY && output.isTTY && !once && !json,
    isService: false,
    create: createTerminalAdapter,
  },
  slack: {
    isConfigured: isSlackConfigured,
    ownsScreen: () => false,
    isService: true,
    create: createSlackAdapter,
  },
  discord: {
    isConfigured: isDiscordConfigured,
    ownsScreen: () => false,
    isService: true,
    create: createDiscordAdapter,
  },
};

async function createTerminalAdapter({
  flags,
  parley,
  loaded,
  exit,
}: AdapterContext): Promise<Adapter> {
  const { createTerminal } = await import("../adapters/terminal/index.ts");
  const { DATABASE_URL, PARLEY_DATA } = loaded.settings;
  const dir = join(PARLEY_DATA, "terminal");
  const terminal = createTerminal({
    input,
    output,
    error,
    version: manifest.version,
    exit,
    ...flags,
    dir,
    ...(DATABASE_URL === undefined ? {} : { platformName: await takeTerminalName(dir, parley) }),
    colour: !env["NO_COLOR"],
    completions: (prefix, conversation) => complete(parley, prefix, conversation),
    describe: (conversation) => describe(parley, conversation),
  });
  return { platform: terminal, ...terminal };
}

/** Several terminals may share a database, but not a folder. */
async function takeTerminalName(dir: string, { lock }: Parley): Promise<string> {
  const { loadPlatformName } = await import("../adapters/terminal/platform-name.ts");
  const name = await loadPlatformName(dir);
  if (await lock(name)) return name;
  throw new CliError(
    `Another Parley is using the terminal's folder ${dir}. Close it, or give this one its own data folder with PARLEY_DATA.`,
  );
}

/** Turns of the terminal that wait there are its own after the move, under the name they have. */
async function migrateAll(flags: MigrateFlags): Promise<string> {
  const { loaded } = settings();
  const said = await migrateStore(loaded, { ...flags, pid });
  const { ONLY_TERMINAL, loadPlatformName } = await import("../adapters/terminal/platform-name.ts");
  const dir = join(flags.from ? dirname(flags.from) : loaded.settings.PARLEY_DATA, "terminal");
  if (existsSync(dir)) await loadPlatformName(dir, ONLY_TERMINAL);
  return said;
}

async function createSlackAdapter(context: AdapterContext): Promise<Adapter> {
  const { createSlack } = await import("../adapters/slack/index.ts");
  const { loaded, parley, kept, exit, report } = context;
  const installs = parley.installs.of("slack");
  const state = parley.state.of("slack");
  const commands = parley.ports;
  const { env, settings } = loaded;
  const isAlone = settings.DATABASE_URL === undefined;
  const fleet = { isAlone, processes: settings.PARLEY_PROCESSES };
  return createSlack({ env, state, commands, installs, kept, exit, onProblem: report, ...fleet });
}

async function createDiscordAdapter(context: AdapterContext): Promise<Adapter> {
  const { createDiscord } = await import("../adapters/discord/index.ts");
  const { loaded, parley, exit, report } = context;
  const { ports: commands, lock: take } = parley;
  const state = parley.state.of("discord");
  const { env, settings } = loaded;
  const processes = settings.PARLEY_PROCESSES;
  return createDiscord({ env, state, take, commands, processes, exit, onProblem: report });
}

async function complete(
  { ports }: Parley,
  prefix: string,
  conversation: ConversationId,
): Promise<readonly string[]> {
  const person = { id: "", name: "", kind: "person" } as const;
  const found = await completions(prefix, ports, { conversation, person, level: "admin" });
  return found.map(({ text }) => text);
}

/** "council · 3 agents", or why nobody can answer. */
async function describe({ ports }: Parley, conversation: ConversationId): Promise<string> {
  try {
    const { team } = await ports.bindings.resolve(parseConversationId(conversation));
    return `${team.title} · ${formatCount(team.agents.length, "agent")}`;
  } catch (problem) {
    if (problem instanceof NoTeamError) return problem.message;
    throw problem;
  }
}

const print = (text: string) => void output.write(text.endsWith("\n") ? text : `${text}\n`);

/** Does what the command line says; resolves to the exit code. */
async function run(command: CliCommand): Promise<number> {
  if (command.name === "start") {
    return serve(command, { ...surroundings, ...settings() }, ADAPTERS);
  }
  const { lines, notes = [], code } = await answerOf(command);
  print(lines.join("\n"));
  for (const note of notes) error.write(`${note}\n`);
  return code;
}

const only = (text: string): Said => ({ lines: [text], code: 0 });

/** What the commands print that serve nobody. */
async function answerOf(command: Exclude<CliCommand, { readonly name: "start" }>): Promise<Said> {
  switch (command.name) {
    case "help":
      return only(CLI_HELP);
    case "version":
      return only(version);
    case "schema":
      return only(JSON.stringify(teamSchema(), null, 2));
    case "slack-manifest":
      return only(await slackManifestText());
    case "validate":
      return validateTeams(settings().loaded);
    case "import":
      return importTeam(command.file);
    case "team-files":
      return runTeamFiles(command.does, { ...settings().loaded, pid });
    case "backup":
      return only(await backUp(settings().loaded, command.file));
    case "migrate":
      return only(await migrateAll(command));
  }
}

const settings = () => ({ loaded: loadSettings(env, (path) => readFileSync(path, "utf8")) });

async function slackManifestText(): Promise<string> {
  const { readManifestSettings } = await import("../adapters/slack/manifest/manifest-settings.ts");
  const { slackManifest } = await import("../adapters/slack/manifest/manifest.ts");
  return JSON.stringify(slackManifest(readManifestSettings(env)), null, 2);
}

/** Mistakes that the person at the keyboard can mend are told in their own words; anything else keeps its stack. */
function explain(problem: unknown): string {
  const known = [CliError, SettingsError, StoreError, ImportError, PlatformError, PushError];
  if (known.some((kind) => problem instanceof kind) && problem instanceof Error) {
    return problem.message;
  }
  return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
}

/** What a platform still waits for must not keep the process; what is written must arrive. */
function leave(code: number): void {
  output.write("", () => error.write("", () => process.exit(code)));
}

try {
  leave(await run(parseCli(process.argv.slice(2))));
} catch (problem) {
  error.write(`parley: ${explain(problem)}\n`);
  leave(2);
}
