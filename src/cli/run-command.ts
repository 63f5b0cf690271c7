import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { discordEntry } from "../../adapters/discord/entry.ts";
import { slackEntry } from "../../adapters/slack/entry.ts";
import { terminalEntry } from "../../adapters/terminal/entry.ts";
import { cleanText } from "../text/clean-text.ts";
import { systemClock } from "../clock.ts";
import { PlatformError } from "../platform.ts";
import { asTyped } from "./program-name.ts";
import { createRedactor } from "../text/redact.ts";
import type { ProcessRuntime } from "../serve/serve.ts";
import { loadSettings, secretsIn, SettingsError } from "../settings.ts";
import { StoreError } from "../store/store-error.ts";
import type { CommandOutput } from "./check-teams.ts";
import { CliError, type CliCommand } from "./parse-cli.ts";

/** The process, as commands see it. */
export interface CliRuntime extends Omit<ProcessRuntime, "loaded" | "clock"> {
  readonly env: NodeJS.ProcessEnv;
  /** What people type to run Parley: "parley". */
  readonly program: string;
}

/** A command that needs more than its own text. */
export type RealCommand = Exclude<
  CliCommand,
  { readonly name: "help" } | { readonly name: "version" }
>;

/** Every adapter. Each imports its SDK only when it is served. */
const ADAPTERS = [terminalEntry, slackEntry, discordEntry];

/** Runs the command, and explains what went wrong; resolves to the exit code. */
export async function runCommand(command: RealCommand, runtime: CliRuntime): Promise<number> {
  const { output, error, env, program } = runtime;
  try {
    if (command.name === "start") {
      const { serve } = await import("../serve/serve.ts");
      return await serve(command, { ...runtime, clock: systemClock, ...settingsIn(env) }, ADAPTERS);
    }
    const { lines, notes = [], code } = await answerOf(command, runtime);
    const text = `${lines.join("\n").trimEnd()}\n`;
    // Other commands print files, which stay as they are.
    output.write(cleanText(command.name === "validate" ? asTyped(text, program) : text));
    for (const note of notes) error.write(`${cleanText(note)}\n`);
    return code;
  } catch (problem) {
    const redact = createRedactor(secretsIn(env));
    error.write(`parley: ${cleanText(redact(asTyped(await explain(problem), program)))}\n`);
    return 2;
  }
}

const settingsIn = (env: NodeJS.ProcessEnv) => ({
  loaded: loadSettings(env, (path) => readFileSync(path, "utf8")),
});

type Serverless = Exclude<RealCommand, { readonly name: "start" }>;

/** The output of commands that do not serve platforms. Each loads only the modules that it needs. */
async function answerOf(command: Serverless, { env, pid }: CliRuntime): Promise<CommandOutput> {
  if (command.name === "validate") {
    const { loaded } = settingsIn(env);
    const { validateTeams } = await import("./check-teams.ts");
    const isMany = ADAPTERS.some((adapter) => adapter.isMany?.(loaded.env) ?? false);
    return validateTeams(loaded, isMany);
  }
  if (command.name === "import") {
    const { importTeam } = await import("./check-teams.ts");
    return importTeam(command.file);
  }
  if (command.name === "team-files") {
    const { runTeamFiles } = await import("./team-files.ts");
    return runTeamFiles(command.does, { ...settingsIn(env).loaded, pid });
  }
  return { lines: [await textOf(command, env, pid)], code: 0 };
}

type Telling = Exclude<Serverless, { readonly name: "validate" | "import" | "team-files" }>;

async function textOf(command: Telling, env: NodeJS.ProcessEnv, pid: number): Promise<string> {
  switch (command.name) {
    case "schema": {
      const { teamSchema } = await import("../teams/files/team-schema.ts");
      return JSON.stringify(teamSchema(), null, 2);
    }
    case "slack-manifest":
      return slackManifestText(env);
    case "backup": {
      const { backUp } = await import("./back-up.ts");
      return backUp(settingsIn(env).loaded, command.file);
    }
    case "why": {
      const { whyTiming } = await import("./why-timing.ts");
      return whyTiming({ ...settingsIn(env).loaded, pid }, command.turn);
    }
    case "stats": {
      const { statsModels } = await import("./stats-models.ts");
      return statsModels({ ...settingsIn(env).loaded, pid });
    }
    case "migrate": {
      const { migrateStore } = await import("./migrate-store.ts");
      const { loaded } = settingsIn(env);
      const report = await migrateStore(loaded, { ...command, pid });
      const dataFolder = command.from ? dirname(command.from) : loaded.settings.PARLEY_DATA;
      for (const { migrated } of ADAPTERS) await migrated?.(dataFolder);
      return report;
    }
  }
}

async function slackManifestText(env: NodeJS.ProcessEnv): Promise<string> {
  const { readManifestSettings, slackManifest } =
    await import("../../adapters/slack/install/manifest.ts");
  return JSON.stringify(slackManifest(readManifestSettings(env)), null, 2);
}

/** Errors that the user can fix are shown without a stack. */
async function explain(problem: unknown): Promise<string> {
  const { ImportError } = await import("../teams/massgen/read-config.ts");
  const { PushError } = await import("../teams/pushed-teams.ts");
  const known = [CliError, SettingsError, StoreError, ImportError, PlatformError, PushError];
  if (known.some((kind) => problem instanceof kind) && problem instanceof Error) {
    return problem.message;
  }
  return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
}
