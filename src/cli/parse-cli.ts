import { parseArgs } from "node:util";
import type { StartFlags } from "../adapter-kit/adapter.ts";
import { nearest } from "../text/nearest.ts";

/** A parsed command line. */
export type CliCommand =
  | ({ readonly name: "start" } & StartFlags)
  | { readonly name: "help" }
  | { readonly name: "version" }
  | { readonly name: "schema" | "slack-manifest" }
  /** `stats models`. */
  | { readonly name: "stats" }
  | { readonly name: "validate" }
  | { readonly name: "import"; readonly file: string }
  /** A turn by its id; undefined: the latest. */
  | { readonly name: "why"; readonly turn: string | undefined }
  | { readonly name: "backup"; readonly file: string | undefined }
  | {
      readonly name: "migrate";
      readonly from: string | undefined;
      readonly to: string | undefined;
    }
  | { readonly name: "team-files"; readonly does: TeamFilesCommand };

/** A command about the team files in the database. */
export type TeamFilesCommand =
  | { readonly name: "push"; readonly path: string }
  | { readonly name: "pull"; readonly dir: string }
  | { readonly name: "history"; readonly team: string; readonly version: string | undefined }
  | { readonly name: "remove"; readonly team: string };

/** The command line is invalid; the message says what to write instead. */
export class CliError extends Error {
  override readonly name = "CliError";
}

export const CLI_HELP = `Usage: parley [start] [OPTIONS]     serve every platform whose tokens are set, or else the terminal
       parley chat [QUESTION]       talk to a team in the terminal
       parley "QUESTION"            answer one question and exit; standard input, if any, follows the question
       parley teams validate        check all team files
       parley teams import FILE     convert a MassGen config to a team file (on standard output)
       parley backup [FILE]         copy the database to a file, also while Parley runs
       parley migrate               copy the database to PostgreSQL, once, while Parley does not run
       parley teams push PATH       store a team file, or a folder of them, in the database; all processes use them at once
       parley teams pull DIR        write the team files of the database into a folder
       parley teams history TEAM [VERSION]   list the versions of a team file, or print one
       parley teams remove TEAM     remove a team file from the database
       parley why [TURN]            show where the time of the latest turn, or of TURN, went
       parley stats models          show how the models of each space did
       parley schema                print the JSON schema of team files
       parley slack-manifest        print the Slack app manifest for the current settings
       parley version | help

Options
  --platform NAME   serve this platform only (may be repeated)
  --team NAME       the default team, instead of PARLEY_TEAM
  --thread NAME     terminal: open this thread
  --continue        terminal: open the latest thread
  -p, --print       terminal: answer one question, from the command line or standard input, and exit
  --once            the same
  --json            terminal: events as JSON lines, a summary object last
  --timing          why: the default; accepted because the chat command needs it
  --from FILE       migrate: the database file (default: the one in the data folder)
  --to URL          migrate: the PostgreSQL database (default: DATABASE_URL)
`;

export const OPTIONS = {
  platform: { type: "string", multiple: true },
  team: { type: "string" },
  thread: { type: "string" },
  continue: { type: "boolean" },
  once: { type: "boolean" },
  print: { type: "boolean", short: "p" },
  json: { type: "boolean" },
  from: { type: "string" },
  to: { type: "string" },
  timing: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

export const COMMANDS: readonly string[] = [
  "start",
  "chat",
  "teams",
  "backup",
  "migrate",
  "why",
  "stats",
  "schema",
  "slack-manifest",
  "version",
  "help",
];

const SEE = "`parley help` lists the commands.";

/** Reads the command line. Throws a `CliError`. */
export function parseCli(args: readonly string[]): CliCommand {
  const { values, positionals } = parse(args);
  if (values.help) return { name: "help" };
  if (values.version) return { name: "version" };
  return questionIn(positionals, values) ?? parseCommand(positionals, values);
}

function parseCommand(positionals: readonly string[], values: Values): CliCommand {
  const [name = "start", ...rest] = positionals;
  if (name === "teams") return parseTeams(rest);
  if (name === "stats") return parseStats(rest);
  const [only, second] = rest;
  if (name === "why" && second === undefined) return { name, turn: only };
  if (name === "backup" && second === undefined) return { name, file: only };
  if (only !== undefined) {
    const ask = `To ask it as a question: parley -p "${positionals.join(" ")}"`;
    throw new CliError(`${name} does not accept “${rest.join(" ")}”. ${SEE} ${ask}`);
  }
  return parseOne(name, values);
}

function parseStats([about, ...rest]: readonly string[]): CliCommand {
  if (about === "models" && rest.length === 0) return { name: "stats" };
  throw new CliError("Usage: parley stats models");
}

type Values = ReturnType<typeof parse>["values"];

/**
 * The command of a command line that asks a question, or of a chat; undefined: it is another command. Throws if a single word looks like a
 * misspelt command.
 */
function questionIn(positionals: readonly string[], values: Values): CliCommand | undefined {
  const [first = "", ...rest] = positionals;
  const isServing = first === "chat" || first === "start";
  if (isSingle(values)) return asking(isServing ? rest : positionals, values);
  if (first === "chat") return { ...asking(rest, values), once: false };
  if (first === "" || COMMANDS.includes(first)) return undefined;
  if (positionals.length === 1) refuseMisspelt(first);
  return asking(positionals, values);
}

function refuseMisspelt(word: string): void {
  const near = /\s/.test(word) ? null : nearest(word, COMMANDS);
  if (near === null) return;
  const ask = `To ask it as a question: parley -p ${word}`;
  throw new CliError(`Did you mean the command ${near}, not “${word}”? ${SEE} ${ask}`);
}

const asking = (words: readonly string[], values: Values): Start => ({
  ...startFlags(values),
  platforms: ["terminal"],
  question: words.length > 0 ? words.join(" ") : undefined,
  once: true,
});

const isSingle = ({ once = false, print = false }: Values): boolean => once || print;

function parseOne(name: string, values: Values): CliCommand {
  switch (name) {
    case "schema":
    case "slack-manifest":
    case "version":
    case "help":
      return { name };
    case "migrate":
      return { name, from: values.from, to: values.to };
    case "start":
      return startFlags(values);
    default:
      throw unknown(name, COMMANDS);
  }
}

type Start = Extract<CliCommand, { readonly name: "start" }>;

const startFlags = (values: Values): Start => ({
  name: "start",
  platforms: values.platform ?? [],
  team: values.team,
  question: undefined,
  once: false,
  json: values.json ?? false,
  thread: values.thread,
  continueLatest: values.continue ?? false,
});

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    const flag = args.find((arg) => arg.startsWith("--") && !(arg.slice(2) in OPTIONS));
    const near = flag && nearest(flag.slice(2).split("=")[0] ?? "", Object.keys(OPTIONS));
    const why = cause instanceof Error ? (cause.message.split(". ")[0] ?? "") : String(cause);
    throw new CliError(`${why}. ${near ? `Did you mean --${near}? ` : ""}${SEE}`, { cause });
  }
}

/** The arguments of each `teams` command. */
const TEAMS: Readonly<Record<string, readonly string[]>> = {
  validate: [],
  import: ["FILE"],
  push: ["PATH"],
  pull: ["DIR"],
  history: ["TEAM", "[VERSION]"],
  remove: ["TEAM"],
};

function parseTeams([name = "", first, second, ...rest]: readonly string[]): CliCommand {
  const takes = Object.hasOwn(TEAMS, name) ? TEAMS[name] : undefined;
  const usages = Object.entries(TEAMS).map(([other, words]) =>
    ["teams", other, ...words].join(" "),
  );
  if (!takes && name === "") throw new CliError(`Usage: parley ${usages.join(" | ")}`);
  if (!takes)
    throw unknown(
      `teams ${name}`,
      Object.keys(TEAMS).map((other) => `teams ${other}`),
    );
  const given = [first, second, ...rest].filter((word) => word !== undefined);
  const needed = takes.filter((word) => !word.startsWith("["));
  if (given.length < needed.length || given.length > takes.length) {
    throw new CliError(`Usage: parley ${["teams", name, ...takes].join(" ")}`);
  }
  return teamsCommand(name, first ?? "", second);
}

function teamsCommand(name: string, first: string, version: string | undefined): CliCommand {
  switch (name) {
    case "import":
      return { name, file: first };
    case "push":
      return { name: "team-files", does: { name, path: first } };
    case "pull":
      return { name: "team-files", does: { name, dir: first } };
    case "history":
      return { name: "team-files", does: { name, team: first, version } };
    case "remove":
      return { name: "team-files", does: { name, team: first } };
    default:
      return { name: "validate" };
  }
}

function unknown(name: string, known: readonly string[]): CliError {
  const near = nearest(name, known);
  return new CliError(
    `There is no command “${name}”. ${near ? `Did you mean ${near}? ` : ""}${SEE}`,
  );
}
