import { access, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BackendError } from "../backend.ts";
import { environmentOf } from "../cli/environment.ts";
import type { CliCommand } from "../cli/json-process.ts";
import type { Env } from "../keys.ts";

export interface CodexSettings {
  readonly model: string;
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
  /** Its own variables, from the team file. */
  readonly ownEnv: Readonly<Record<string, string>>;
  /** Parley's environment. */
  readonly env: Env;
}

/** No tool, no telemetry, no search, no second try: Parley does that itself. Nothing about this machine goes to the model. */
const CONFIG = `web_search = "disabled"
approval_policy = "never"
sandbox_mode = "read-only"
include_environment_context = false
include_permissions_instructions = false

[features]
shell_tool = false
unified_exec = false
apps = false
plugins = false
image_generation = false

[analytics]
enabled = false
`;

const OPENAI = "https://api.openai.com/v1";

/** With a key the provider is one of Parley's own, because the built-in one retries by itself. */
const providerOf = (baseUrl: string | undefined): string => `model_provider = "parley"

[model_providers.parley]
name = "OpenAI"
base_url = ${JSON.stringify(baseUrl ?? OPENAI)}
env_key = "OPENAI_API_KEY"
wire_api = "responses"
supports_websockets = false
request_max_retries = 0
stream_max_retries = 0
`;

const NOT_LOGGED_IN =
  'Codex is not logged in. Run "codex login" in a terminal as the user that runs Parley, or set OPENAI_API_KEY, or api_key in the team file.';

/** The command of one process. Its home is private; a log-in is linked into it, so that Codex can renew it. Throws a `BackendError` without one. */
export async function codexCommand(
  file: string,
  folder: string,
  { apiKey, baseUrl, ownEnv, env }: CodexSettings,
): Promise<CliCommand> {
  const home = join(folder, "home");
  const codexHome = join(home, "codex");
  await mkdir(codexHome, { recursive: true, mode: 0o700 });
  if (apiKey === undefined) await linkLogin(env, codexHome);
  const [top, ...tables] = CONFIG.split("\n\n");
  const provider = apiKey === undefined ? "" : providerOf(baseUrl);
  await writeFile(join(codexHome, "config.toml"), [joined(top, provider), ...tables].join("\n\n"));
  const own = { CODEX_HOME: codexHome, OPENAI_API_KEY: apiKey, ...ownEnv };
  return { file, args: ["app-server"], cwd: home, env: environmentOf(env, home, own) };
}

/** Keys of the top stand before all tables. */
const joined = (top = "", provider: string): string =>
  provider === "" ? top : `${top}\n${provider}`;

async function linkLogin(env: Env, codexHome: string): Promise<void> {
  const users = env["CODEX_HOME"] ?? join(env["HOME"] ?? "", ".codex");
  const login = join(users, "auth.json");
  try {
    await access(login);
  } catch {
    throw new BackendError("auth", NOT_LOGGED_IN, { reason: "not_logged_in" });
  }
  await symlink(login, join(codexHome, "auth.json"));
}
