#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import manifest from "#package" with { type: "json" };
import { CLI_HELP, CliError, type CliCommand, parseCli } from "./cli.ts";
import { completions } from "./commands/completions.ts";
import type { Asker } from "./commands/ports.ts";
import { type ConversationId, formatConversationId, parseConversationId } from "./ids.ts";
import { openTeamBook } from "./open-parley.ts";
import type { Parley } from "./parley.ts";
import { formatCount } from "./progress/format.ts";
import { type Adapter, type AdapterContext, type AdapterTable, serve } from "./serve.ts";
import { loadSettings, SettingsError } from "./settings.ts";
import { StoreError } from "./store/store-error.ts";
import { NoTeamError } from "./teams/bindings.ts";
import { ImportError, importMassgen } from "./teams/import-massgen.ts";
import { formatProblem } from "./teams/team-problem.ts";
import { teamSchema } from "./teams/team-schema.ts";

const { stdin: input, stdout: output, stderr: error, env, pid } = process;
const version = `Parley ${manifest.version} (Node ${process.versions.node})`;

const surroundings = { input, output, error, pid, version, signals: process };

/** The one place that knows the adapters; each loads its SDK only when it is served. */
const ADAPTERS: AdapterTable = {
  terminal: {
    isConfigured: () => false,
    ownsScreen: (_, { once, json }) => input.isTTY && output.isTTY && !once && !json,
    create: createTerminalAdapter,
  },
};

async function createTerminalAdapter({
  flags,
  parley,
  loaded,
  exit,
}: AdapterContext): Promise<Adapter> {
  const { createTerminal } = await import("../adapters/terminal/index.ts");
  const terminal = createTerminal({
    input,
    output,
    error,
    version,
    exit,
    ...flags,
    dir: join(loaded.settings.PARLEY_DATA, "terminal"),
    colour: !env["NO_COLOR"],
    completions: (prefix) => complete(parley, prefix, ASKER),
    describe: (conversation) => describe(parley, conversation),
  });
  return { platform: terminal, ...terminal };
}

const ASKER: Asker = {
  conversation: formatConversationId({
    platform: "terminal",
    space: "",
    channel: "",
    thread: "any",
  }),
  person: { id: "local", name: "", kind: "person" },
  level: "admin",
};

async function complete(parley: Parley, prefix: string, asker: Asker): Promise<readonly string[]> {
  return (await completions(prefix, parley.ports, asker)).map(({ text }) => text);
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
  switch (command.name) {
    case "help":
      print(CLI_HELP);
      return 0;
    case "version":
      print(version);
      return 0;
    case "schema":
      print(JSON.stringify(teamSchema(), null, 2));
      return 0;
    case "validate":
      return validate();
    case "import":
      return importTeam(command.file);
    case "start":
      return serve(command, { ...surroundings, ...settings() }, ADAPTERS);
  }
}

const settings = () => ({ loaded: loadSettings(env, (path) => readFileSync(path, "utf8")) });

async function validate(): Promise<number> {
  const book = await openTeamBook(settings().loaded, { watch: null });
  const problems = book.problems();
  for (const problem of problems) print(formatProblem(problem));
  const broken = problems.filter(({ severity }) => severity === "error").length;
  print(`${book.list().length} team files, ${broken} errors, ${problems.length - broken} warnings`);
  return broken > 0 ? 1 : 0;
}

async function importTeam(file: string): Promise<number> {
  const { yaml, notes } = importMassgen(await readFile(file, "utf8"));
  print(yaml);
  for (const note of notes) error.write(`note: ${note}\n`);
  return 0;
}

/** Mistakes that the person at the keyboard can mend are told in their own words; anything else keeps its stack. */
function explain(problem: unknown): string {
  const known = [CliError, SettingsError, StoreError, ImportError];
  if (known.some((kind) => problem instanceof kind) || isFileError(problem)) {
    return problem instanceof Error ? problem.message : String(problem);
  }
  return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
}

const isFileError = (problem: unknown): boolean =>
  problem instanceof Error &&
  "code" in problem &&
  ["ENOENT", "EACCES", "EISDIR"].includes(String(problem.code));

try {
  process.exitCode = await run(parseCli(process.argv.slice(2)));
} catch (problem) {
  error.write(`parley: ${explain(problem)}\n`);
  process.exitCode = 2;
}
