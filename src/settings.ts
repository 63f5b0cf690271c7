import { z } from "zod";
import { nearest } from "./nearest.ts";
import { checkTeamEnv, listedForTeams } from "./team-variables.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** The environment that Parley reads. What a platform needs besides stands with its adapter. */
export const Settings = z.object({
  PARLEY_DATA: z
    .string()
    .default("data")
    .describe("Folder of the database and of the terminal's threads; made if it is missing."),
  PARLEY_CONFIGS: z
    .string()
    .optional()
    .describe(
      "Folder of your own team files; a file there takes the place of the shipped one of its name.",
    ),
  PARLEY_TEAM: z
    .string()
    .default("default")
    .describe("The team that answers where no thread, channel or space is bound to one."),
  PARLEY_ADMINS: z
    .string()
    .optional()
    .describe(
      "Who runs this installation, such as slack:U012AB3CD, discord:8035…; if not set, admins of the only workspace.",
    ),
  PARLEY_SEAL_SECRET: z
    .string()
    .min(16, "must have at least 16 characters")
    .optional()
    .describe(
      "Seals the workspaces' own API keys in the store; if not set, SLACK_INSTALL_SECRET does.",
    ),
  PARLEY_SEAL_SECRET_OLD: z
    .string()
    .optional()
    .describe("Former values of it, until every process has started with the new one."),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "postgres://user:password@host:5432/database")
    .optional()
    .describe(
      "PostgreSQL database that several processes share, in place of the file in PARLEY_DATA.",
    ),
  PARLEY_PROCESSES: z.coerce
    .number("must be a whole number from 1 to 100")
    .int("must be a whole number from 1 to 100")
    .min(1, "must be a whole number from 1 to 100")
    .max(100, "must be a whole number from 1 to 100")
    .default(1)
    .describe(
      "How many processes share `DATABASE_URL`. Together they keep to what Slack and Discord take; each uses what the others do not need.",
    ),
  PARLEY_TURNS: z.coerce
    .number("must be a whole number from 1 to 10000")
    .int("must be a whole number from 1 to 10000")
    .min(1, "must be a whole number from 1 to 10000")
    .max(10_000, "must be a whole number from 1 to 10000")
    .default(256)
    .describe(
      "Turns that one process runs at once; one costs memory, hardly any time, since it mostly waits for its models.",
    ),
  PARLEY_BUDGET: z
    .string()
    .optional()
    .describe(
      "What all of Parley may use, such as 50usd/day, 2Mtokens/day; more in docs/limits.md.",
    ),
  PARLEY_TIME_ZONE: z
    .string()
    .default("UTC")
    .describe("The time zone whose days budgets count in, such as Europe/Berlin."),
  PARLEY_TEAM_ENV: z
    .string()
    .optional()
    .describe(
      "Further variables that team files may refer to, such as XAI_API_KEY, GROQ_API_KEY; PARLEY_KEY_… they always may.",
    ),
  LOG_LEVEL: z
    .enum(LEVELS)
    .default("info")
    .describe("How much is logged: trace, debug, info, warn, error, fatal or silent."),
  HOST: z.string().default("127.0.0.1").describe("Address that the HTTP server listens on."),
  PORT: z.coerce
    .number("must be a port number")
    .int("must be a port number")
    .min(0, "must be a port number")
    .max(65_535, "must be a port number")
    .optional()
    .describe(
      "Port of the HTTP server (health; Slack's events): 3000 if not set. 0 takes a free one.",
    ),
  OPENAI_API_KEY: z.string().optional().describe("Key for `openai` backends."),
  OPENAI_BASE_URL: z.url().optional().describe("Where OpenAI's API is reached, if not at OpenAI."),
  ANTHROPIC_API_KEY: z.string().optional().describe("Key for `anthropic` backends."),
  ANTHROPIC_BASE_URL: z
    .url()
    .optional()
    .describe("Where Anthropic's API is reached, if not at Anthropic."),
  GEMINI_API_KEY: z
    .string()
    .optional()
    .describe("Key for `gemini` backends; GOOGLE_API_KEY is read as well."),
  GOOGLE_API_KEY: z.string().optional().describe("The same, where GEMINI_API_KEY is not set."),
  GOOGLE_GEMINI_BASE_URL: z
    .url()
    .optional()
    .describe("Where Gemini's API is reached, if not at Google."),
});
export type Settings = z.infer<typeof Settings>;

type Env = Readonly<Record<string, string | undefined>>;

/** The settings, and the environment with every `*_FILE` secret filled in: what backends and team files look into. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly env: Env;
}

/** Settings that cannot be used; the message has a line for each. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

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

/** A URL's password, as it is written there and as it is. */
function passwordsIn(value: string): readonly string[] {
  const [, written] = /^\w+:\/\/[^/@]*?:([^/]*)@/.exec(value) ?? [];
  if (written === undefined || written === "") return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}

const isSet = (value: string | undefined): value is string => Boolean(value?.trim());

/** The `NAME_FILE` variables whose NAME is a secret that is not set itself. */
const secretFiles = (env: Env) =>
  Object.entries(env).flatMap(([variable, path]) => {
    const name = variable.replace(/_FILE$/, "");
    const counts = name !== variable && isSecret(name) && isSet(path) && !isSet(env[name]);
    return counts ? [{ variable, name, path: path.trim() }] : [];
  });

/** Fills in NAME from the file that NAME_FILE names, as container platforms hand out secrets. */
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
  problems.push(...checkTeamEnv(filled));
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems.join("\n"));
  return { settings: parsed.data, env: filled };
}

/** A row of the README's table. */
export interface SettingRow {
  readonly name: string;
  /** "" if it has none. */
  readonly fallback: string;
  readonly description: string;
}

/** All settings in their order, for the README. */
export const settingRows = (): readonly SettingRow[] =>
  Object.entries(Settings.shape).map(([name, schema]) => ({
    name: isSecret(name) ? `${name}[_FILE]` : name,
    fallback: schema instanceof z.ZodDefault ? String(schema.def.defaultValue) : "",
    description: schema.description ?? "",
  }));
