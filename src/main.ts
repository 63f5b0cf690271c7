#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { discordEntry } from "../adapters/discord/entry.ts";
import { slackEntry } from "../adapters/slack/entry.ts";
import { terminalEntry } from "../adapters/terminal/entry.ts";
import manifest from "#package" with { type: "json" };
import { backUp } from "./cli/back-up.ts";
import { type CommandOutput, importTeam, validateTeams } from "./cli/check-teams.ts";
import { type MigrateFlags, migrateStore } from "./cli/migrate-store.ts";
import { CLI_HELP, CliError, type CliCommand, parseCli } from "./cli/parse-cli.ts";
import { runTeamFiles } from "./cli/team-files.ts";
import { whyTiming } from "./cli/why-timing.ts";
import { cleanText } from "./text/clean-text.ts";
import { systemClock } from "./clock.ts";
import { PlatformError } from "./platform.ts";
import { type ProcessRuntime, serve } from "./serve/serve.ts";
import { createRedactor } from "./text/redact.ts";
import { loadSettings, secretsIn, SettingsError } from "./settings.ts";
import { StoreError } from "./store/store-error.ts";
import { ImportError } from "./teams/massgen/import-massgen.ts";
import { PushError } from "./teams/pushed-teams.ts";
import { teamSchema } from "./teams/files/team-schema.ts";

// Files may contain messages or keys, so only their owner may read them.
process.umask(0o077);

const { stdin: input, stdout: output, stderr: error, env, pid } = process;
const { version } = manifest;
const versionLine = `Parley ${version} (Node ${process.versions.node})`;

/** Every adapter. Each imports its SDK only when it is served. */
const ADAPTERS = [terminalEntry, slackEntry, discordEntry];

const print = (text: string) =>
  void output.write(cleanText(text.endsWith("\n") ? text : `${text}\n`));

/** Runs the command; resolves to the exit code. */
async function run(command: CliCommand): Promise<number> {
  if (command.name === "start") {
    return serve(command, runtime(), ADAPTERS);
  }
  const { lines, notes = [], code } = await answerOf(command);
  print(lines.join("\n"));
  for (const note of notes) error.write(`${cleanText(note)}\n`);
  return code;
}

const only = (text: string): CommandOutput => ({ lines: [text], code: 0 });

type Serverless = Exclude<CliCommand, { readonly name: "start" }>;

/** The output of commands that do not serve platforms. */
async function answerOf(command: Serverless): Promise<CommandOutput> {
  if (command.name === "validate") {
    const { loaded } = settings();
    const isMany = ADAPTERS.some((adapter) => adapter.isMany?.(loaded.env) ?? false);
    return validateTeams(loaded, isMany);
  }
  if (command.name === "import") return importTeam(command.file);
  if (command.name === "team-files") {
    return runTeamFiles(command.does, { ...settings().loaded, pid });
  }
  return only(await textOf(command));
}

type Telling = Exclude<Serverless, { readonly name: "validate" | "import" | "team-files" }>;

async function textOf(command: Telling): Promise<string> {
  switch (command.name) {
    case "help":
      return CLI_HELP;
    case "version":
      return versionLine;
    case "schema":
      return JSON.stringify(teamSchema(), null, 2);
    case "slack-manifest":
      return slackManifestText();
    case "backup":
      return backUp(settings().loaded, command.file);
    case "why":
      return whyTiming({ ...settings().loaded, pid }, command.turn);
    case "migrate":
      return migrateAll(command);
  }
}

const runtime = (): ProcessRuntime => ({
  input,
  output,
  error,
  pid,
  version,
  versionLine,
  signals: process,
  clock: systemClock,
  ...settings(),
});

async function migrateAll(flags: MigrateFlags): Promise<string> {
  const { loaded } = settings();
  const report = await migrateStore(loaded, { ...flags, pid });
  const dataFolder = flags.from ? dirname(flags.from) : loaded.settings.PARLEY_DATA;
  for (const { migrated } of ADAPTERS) await migrated?.(dataFolder);
  return report;
}

const settings = () => ({ loaded: loadSettings(env, (path) => readFileSync(path, "utf8")) });

async function slackManifestText(): Promise<string> {
  const { readManifestSettings } = await import("../adapters/slack/manifest/manifest-settings.ts");
  const { slackManifest } = await import("../adapters/slack/manifest/manifest.ts");
  return JSON.stringify(slackManifest(readManifestSettings(env)), null, 2);
}

/** Errors that the user can fix are shown without a stack. */
function explain(problem: unknown): string {
  const known = [CliError, SettingsError, StoreError, ImportError, PlatformError, PushError];
  if (known.some((kind) => problem instanceof kind) && problem instanceof Error) {
    return problem.message;
  }
  return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
}

/** Flushes the output, then exits even if an SDK has open handles. */
function leave(code: number): void {
  output.write("", () => error.write("", () => process.exit(code)));
}

try {
  leave(await run(parseCli(process.argv.slice(2))));
} catch (problem) {
  const redact = createRedactor(secretsIn(env));
  error.write(`parley: ${cleanText(redact(explain(problem)))}\n`);
  leave(2);
}
