import { z } from "zod";
import { nearest } from "./text/nearest.ts";
import { passwordsIn } from "./text/passwords-in.ts";
import { secretProblems } from "./text/secret-problems.ts";
import { checkTeamEnv, listedForTeams } from "./teams/team-variables.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const countTo = (most: number, words = `must be a whole number from 1 to ${most}`) =>
  z.coerce.number(words).int(words).min(1, words).max(most, words);

/** The environment variables that all of Parley shares. Each adapter has a schema of its own besides. */
export const Settings = z.object({
  PARLEY_DATA: z
    .string()
    .default("data")
    .describe(
      "Folder for the database and the terminal's threads. Parley creates it if it is missing.",
    ),
  PARLEY_CONFIGS: z
    .string()
    .optional()
    .describe(
      "Folder with your own team files. A file there replaces the shipped team of the same name.",
    ),
  PARLEY_TEAM: z
    .string()
    .default("default")
    .describe("Team that answers where nobody has chosen another one."),
  PARLEY_ADMINS: z
    .string()
    .optional()
    .describe(
      "Who runs this installation, such as `slack:U012AB3CD, discord:8035…`. If not set: the admins of the workspace, while there is only one.",
    ),
  PARLEY_SEAL_SECRET: z
    .string()
    .min(16, "must have at least 16 characters")
    .optional()
    .describe(
      "Encrypts the API keys that workspaces set for themselves. If not set, Parley uses `SLACK_INSTALL_SECRET`.",
    ),
  PARLEY_SEAL_SECRET_OLD: z
    .string()
    .optional()
    .describe(
      "Previous values of `PARLEY_SEAL_SECRET`. Remove them once every process runs with the new one.",
    ),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "postgres://user:password@host:5432/database")
    .optional()
    .describe(
      "PostgreSQL database to use instead of the file in `PARLEY_DATA`. Several processes can share it.",
    ),
  PARLEY_PROCESSES: countTo(100)
    .default(1)
    .describe(
      "Number of processes that share `DATABASE_URL`. Together they stay within the rate limits of Slack and Discord; each process uses what the others do not need.",
    ),
  PARLEY_TURNS: countTo(10_000)
    .default(256)
    .describe(
      "Turns (questions being answered) that one process runs at the same time. While models think, a turn takes memory only; while they write, one core carries about 15,000 streamed events a second. Further turns show _queued_ and wait. See docs/operations.md#scaling-out.",
    ),
  PARLEY_BUDGET: z
    .string()
    .optional()
    .describe(
      "Limits for the whole installation, such as `50usd/day, 2Mtokens/day`. See docs/how-to/limits.md.",
    ),
  PARLEY_TIME_ZONE: z
    .string()
    .default("UTC")
    .describe("Time zone in which a budget's day begins, such as Europe/Berlin."),
  PARLEY_LOCAL_MODELS: z
    .string()
    .optional()
    .describe(
      "Whether `agents: auto` looks for model servers on this machine when no API key is set: `on` (the default; Ollama, LM Studio, llama.cpp and vLLM on their usual ports), `off`, or base URLs such as `http://gpu:8000/v1`. Unless it is `off`, a program that is logged in (Claude Code) takes the seat of a provider without a key.",
    ),
  PARLEY_TEAM_ENV: z
    .string()
    .optional()
    .describe(
      "Variables that team files may use besides `PARLEY_KEY_…`, such as `XAI_API_KEY, GROQ_API_KEY`.",
    ),
  PARLEY_COMMANDS: z
    .string()
    .optional()
    .describe(
      "Programs that team files may run as agents with `command`, such as `opencode, /opt/agents/goose`. See docs/how-to/cli-agents.md.",
    ),
  LOG_LEVEL: z
    .enum(LEVELS)
    .default("info")
    .describe("Log level: trace, debug, info, warn, error, fatal or silent."),
  HOST: z.string().default("127.0.0.1").describe("Address that the HTTP server listens on."),
  PORT: z.coerce
    .number("must be a port number")
    .int("must be a port number")
    .min(0, "must be a port number")
    .max(65_535, "must be a port number")
    .optional()
    .describe(
      "Port of the HTTP server (health checks, Slack's HTTP events). If not set: 3000. With 0, any free port.",
    ),
  OPENAI_API_KEY: z.string().optional().describe("OpenAI API key, for `openai` agents."),
  OPENAI_BASE_URL: z
    .url()
    .optional()
    .describe("Address of OpenAI's API, if it is not OpenAI's own."),
  ANTHROPIC_API_KEY: z.string().optional().describe("Anthropic API key, for `anthropic` agents."),
  ANTHROPIC_BASE_URL: z
    .url()
    .optional()
    .describe("Address of Anthropic's API, if it is not Anthropic's own."),
  GEMINI_API_KEY: z.string().optional().describe("Gemini API key, for `gemini` agents."),
  GOOGLE_API_KEY: z.string().optional().describe("Used when `GEMINI_API_KEY` is not set."),
  GOOGLE_GEMINI_BASE_URL: z
    .url()
    .optional()
    .describe("Address of Gemini's API, if it is not Google's own."),
  AZURE_OPENAI_API_KEY: z
    .string()
    .optional()
    .describe("Key of the Azure resource in `AZURE_OPENAI_ENDPOINT`, for `azure` agents."),
  AZURE_OPENAI_ENDPOINT: z
    .url()
    .optional()
    .describe("The Azure resource, such as `https://RESOURCE.openai.azure.com`."),
});
export type Settings = z.infer<typeof Settings>;

type Env = Readonly<Record<string, string | undefined>>;

/** The settings, and the environment with every `*_FILE` secret filled in, for backends and team files. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly env: Env;
}

/** Invalid settings. The message has one line per problem. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const SEALED = ["DATABASE_URL", "PARLEY_SEAL_SECRET", "PARLEY_SEAL_SECRET_OLD"];

const SECRET =
  /_(KEY|TOKEN|SECRET|PASSWORD)(_OLD)?$|^DATABASE_URL$|^PGPASSWORD$|^PARLEY_KEY_(?!.*_FILE$)/;

/** Whether a setting is a secret, which may also be read from the file that `{name}_FILE` names. */
const isSecret = (name: string): boolean => SECRET.test(name);

/** The values of all secrets of an environment, and the passwords within, so that logs can cut them out. */
export const secretsIn = (env: Env): readonly string[] =>
  Object.entries(env).flatMap(([name, value]) =>
    (isSecret(name) || listedForTeams(env).includes(name)) && isSet(value)
      ? [value, ...passwordsIn(value), ...partsOf(name, value)]
      : [],
  );

/** Settings for former secrets may hold several. */
const partsOf = (name: string, value: string): readonly string[] =>
  name.endsWith("_OLD")
    ? value
        .split(/[,\n]/)
        .map((part) => part.trim())
        .filter((part) => part !== "" && part !== value)
    : [];

const isSet = (value: string | undefined): value is string => Boolean(value?.trim());

/** The `NAME_FILE` variables whose NAME is a secret that is not set itself. */
const secretFiles = (env: Env) =>
  Object.entries(env).flatMap(([variable, path]) => {
    const name = variable.replace(/_FILE$/, "");
    const counts = name !== variable && isSecret(name) && isSet(path) && !isSet(env[name]);
    return counts ? [{ variable, name, path: path.trim() }] : [];
  });

/** Sets NAME from the file that NAME_FILE names: container platforms pass secrets as files. */
function readSecrets(env: Env, readFile: (path: string) => string, problems: string[]): Env {
  const read: Record<string, string> = {};
  for (const { variable, name, path } of secretFiles(env)) {
    try {
      read[name] = readFile(path).trim();
    } catch (error) {
      // Other programs have *_KEY_FILE variables too; only ours have to be readable.
      const why = error instanceof Error ? error.message : String(error);
      if (name in Settings.shape) problems.push(`${variable}: the file cannot be read: ${why}`);
    }
  }
  return { ...env, ...read };
}

function describe(issue: z.core.$ZodIssue, env: Env): string {
  const name = String(issue.path[0]);
  if (issue.code === "invalid_format") {
    const example = name === "DATABASE_URL" ? issue.message : "https://example.com/v1";
    return `${name} must be a URL, such as ${example}`;
  }
  if (issue.code !== "invalid_value") return `${name} ${issue.message}`;
  const value = env[name] ?? "";
  const meant = nearest(value, issue.values.map(String));
  const hint = meant === null ? "" : `; did you mean ${meant}?`;
  return `${name} must be one of ${issue.values.join(", ")}, not ${JSON.stringify(value)}${hint}`;
}

const UNSHARED =
  "only processes on one PostgreSQL database can share the work: set DATABASE_URL, or leave PARLEY_PROCESSES out";

/**
 * Reads the settings; an empty variable counts as not set. `readFile` is synchronous and throws if it cannot. Throws
 * `SettingsError` for everything that is wrong at once; secrets are never in its text.
 */
export function loadSettings(env: Env, readFile: (path: string) => string): LoadedSettings {
  const problems: string[] = [];
  const filled = readSecrets(env, readFile, problems);
  const set = Object.fromEntries(Object.entries(filled).filter(([, value]) => isSet(value)));
  const parsed = Settings.safeParse(set);
  problems.push(...(parsed.error?.issues ?? []).map((issue) => describe(issue, filled)));
  problems.push(...checkTeamEnv(filled), ...secretProblems(filled, SEALED));
  const { PARLEY_PROCESSES: count = 1, DATABASE_URL: shared } = parsed.data ?? {};
  if (count > 1 && !shared) problems.push(`PARLEY_PROCESSES is ${count}, but ${UNSHARED}`);
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems.join("\n"));
  return { settings: parsed.data, env: filled };
}

/** A row of the settings table. */
export interface SettingRow {
  readonly name: string;
  /** "" if it has none. */
  readonly fallback: string;
  readonly description: string;
}

/** All shared settings in order, for docs/reference/settings.md. */
export const settingRows = (): readonly SettingRow[] =>
  Object.entries(Settings.shape).map(([name, schema]) => ({
    name: isSecret(name) ? `${name}[_FILE]` : name,
    fallback: schema instanceof z.ZodDefault ? String(schema.def.defaultValue) : "",
    description: schema.description ?? "",
  }));
