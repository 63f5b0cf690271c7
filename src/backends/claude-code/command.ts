import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentOf } from "../cli/environment.ts";
import type { CliCommand } from "../cli/json-process.ts";
import { MOVE_SERVER } from "../cli/move-tools/move-call.ts";
import type { BackendConfig } from "../config.ts";
import type { Env } from "../keys.ts";

/** How the CLI pays for what it asks: with an API key, or with its own log-in on this machine. */
export type Login =
  | { readonly type: "key"; readonly key: string | undefined }
  /** A token of `claude setup-token`, or the folder in which the CLI keeps its log-in. */
  | {
      readonly type: "own";
      readonly token?: string | undefined;
      readonly configFolder?: string | undefined;
    };

/** What makes one process unlike another. */
export interface ClaudeSettings {
  readonly model: string;
  readonly system: string;
  readonly login: Login;
  readonly baseUrl: string | undefined;
  readonly reasoning: BackendConfig["reasoning"];
  readonly maxOutputTokens: number | undefined;
  /** Variables that the team file gives. */
  readonly env: Readonly<Record<string, string>>;
}

const EFFORT = {
  none: "low",
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
  max: "max",
} as const;

/** Without these the CLI looks for updates and reports what it does. Retries are Parley's own. */
const QUIET = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  DISABLE_TELEMETRY: "1",
  DISABLE_ERROR_REPORTING: "1",
  DISABLE_COMPACT: "1",
  CLAUDE_CODE_MAX_RETRIES: "0",
  CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: "1",
  CLAUDE_CODE_DISABLE_REFUSAL_RETRY: "1",
  CLAUDE_CODE_NO_MODEL_FALLBACK: "1",
};

/** The command of one process, whose folder is private and empty. Writes the system prompt there: other users can read arguments. */
export async function claudeCommand(
  file: string,
  settings: ClaudeSettings,
  { folder, env }: { readonly folder: string; readonly env: Env },
): Promise<CliCommand> {
  const { model, system, login, baseUrl, reasoning, maxOutputTokens } = settings;
  const cwd = join(folder, "work");
  const prompt = join(folder, "system.md");
  await mkdir(cwd, { mode: 0o700 });
  await writeFile(prompt, system, { mode: 0o600 });
  return {
    file,
    cwd,
    args: [
      "-p",
      // `--bare` would not read the log-in.
      ...(login.type === "key" ? ["--bare"] : ["--setting-sources="]),
      "--tools=",
      "--strict-mcp-config",
      '--mcp-config={"mcpServers":{}}',
      `--allowedTools=mcp__${MOVE_SERVER}__*`,
      `--system-prompt-file=${prompt}`,
      "--no-session-persistence",
      "--include-partial-messages",
      "--verbose",
      "--input-format=stream-json",
      "--output-format=stream-json",
      `--model=${model}`,
      ...(reasoning === undefined ? [] : [`--effort=${EFFORT[reasoning]}`]),
    ],
    env: environmentOf(env, folder, {
      ...settings.env,
      ...QUIET,
      ...loginEnv(login, folder),
      ANTHROPIC_BASE_URL: baseUrl,
      CLAUDE_CODE_MAX_OUTPUT_TOKENS: maxOutputTokens?.toString(),
    }),
  };
}

function loginEnv(login: Login, folder: string): Readonly<Record<string, string | undefined>> {
  const own = join(folder, "config");
  if (login.type === "key") return { CLAUDE_CONFIG_DIR: own, ANTHROPIC_API_KEY: login.key };
  const { token, configFolder } = login;
  return token === undefined
    ? { CLAUDE_CONFIG_DIR: configFolder }
    : { CLAUDE_CONFIG_DIR: own, CLAUDE_CODE_OAUTH_TOKEN: token };
}
