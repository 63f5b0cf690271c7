import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AcpOptions, createAcpBackend } from "../acp/acp.ts";
import { type Backend, BackendError } from "../backend.ts";
import { environmentOf } from "../cli/environment.ts";

export interface GeminiCliOptions extends AcpOptions {
  /** The program's name in PATH, or its place. Default: gemini. */
  readonly command?: string | undefined;
  readonly apiKey: string | undefined;
  /** Default: Google's. */
  readonly baseUrl?: string | undefined;
  /** Its own variables, from the team file. */
  readonly ownEnv: Readonly<Record<string, string>>;
}

const LOGIN =
  "Set GEMINI_API_KEY, or api_key in the team file, to a valid key: Gemini CLI serves personal log-ins no more since June 2026.";

/**
 * What Gemini CLI 0.61 may do: nothing but answer, and call the tools of the move. `mcp_*` removes its own tools; a longer pattern would refuse
 * the move's as well. After one round of tools its turn is over, so that a vote costs one model call.
 */
const SETTINGS = {
  security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  general: {
    enableAutoUpdate: false,
    enableAutoUpdateNotification: false,
    maxAttempts: 1,
    plan: { enabled: false },
    topicUpdateNarration: false,
    sessionRetention: { enabled: false },
  },
  model: { maxSessionTurns: 1 },
  tools: { core: ["mcp_*"] },
  context: { includeDirectoryTree: false, fileName: [] },
  skills: { enabled: false },
  hooksConfig: { enabled: false },
  experimental: { enableAgents: false },
};

/** Gemini CLI, the user's own, with an API key. Its system prompt is the process's. */
export function createGeminiCliBackend(options: GeminiCliOptions): Backend {
  const { model, command = "gemini", apiKey, baseUrl, ownEnv, env } = options;
  const cli = { name: "Gemini CLI", command, install: "npm install -g @google/gemini-cli" };
  return createAcpBackend(
    {
      kind: "gemini-cli",
      cli,
      provider: "google",
      login: LOGIN,
      secrets: [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(ownEnv)],
      hasOwnSystem: true,
      endsAfterCall: true,
      countsWholeReplies: true,
      identity: [model, apiKey, baseUrl, ownEnv],
      async prepare(file, folder, system) {
        if (apiKey === undefined) {
          throw new BackendError("auth", `Gemini CLI needs a key. ${LOGIN}`, {
            reason: "key_missing",
          });
        }
        const home = join(folder, "home");
        const prompt = join(folder, "system.md");
        await mkdir(join(home, ".gemini"), { recursive: true, mode: 0o700 });
        await writeFile(join(home, ".gemini", "settings.json"), JSON.stringify(SETTINGS));
        await writeFile(prompt, system, { mode: 0o600 });
        const own = {
          GEMINI_API_KEY: apiKey,
          GOOGLE_GEMINI_BASE_URL: baseUrl,
          GEMINI_CLI_HOME: home,
          GEMINI_SYSTEM_MD: prompt,
          GEMINI_CLI_TRUST_WORKSPACE: "true",
          GEMINI_CLI_NO_RELAUNCH: "true",
          ...ownEnv,
        };
        return {
          file,
          args: ["--acp", "-m", model],
          cwd: home,
          env: environmentOf(env, home, own),
        };
      },
    },
    options,
  );
}
