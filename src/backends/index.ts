import type { Clock } from "../clock.ts";
import { type Backend, BackendError, type BackendEvent, type BackendRequest } from "./backend.ts";
import { takesForcedTools } from "./capabilities.ts";
import type { Catalogue } from "./catalogue.ts";
import { programOf } from "./cli/allowed-commands.ts";
import type { Login } from "./claude-code/command.ts";
import type { CliHost } from "./cli/cli-host.ts";
import { claudeFolder } from "./cli/logged-in-programs.ts";
import type { ConcessionBook, Endpoint } from "./concessions/ledger.ts";
import { type BackendConfig, type BackendType, PROGRAMS } from "./config.ts";
import { isLocalAddress } from "./local-address.ts";
import { type Env, needsOwnKey, resolveBaseUrl, resolveKey, usesOwnLogin } from "./keys.ts";
import { type Account, createAccount } from "./resilience/account.ts";
import type { Seat } from "./resilience/attempt.ts";
import { createResilientBackend, type RetryLimits } from "./resilience/resilient-backend.ts";

export interface BackendsOptions {
  readonly env: Env;
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  /** What models do not take, as learned from their servers. */
  readonly concessions: ConcessionBook;
  /** Runs agents that are programs on this machine. Without it they cannot be asked. */
  readonly cli?: CliHost | undefined;
  /** Called when a setting has no effect. */
  readonly onWarning?: (message: string) => void;
  /** For the jitter, 0 ≤ x < 1. Default: Math.random. */
  readonly random?: () => number;
}

/** The backends of a process. Backends with the same account share its gate and circuit breaker. */
export interface Backends {
  /**
   * Creates an agent's backend, with resilience within its team's limits. Connects and loads the SDK on the first call; a missing key then fails
   * as `auth`.
   */
  create(
    config: BackendConfig,
    settings: {
      readonly limits: RetryLimits;
      readonly fallback?: BackendConfig | null;
      /** The environment with the keys. Default: the process's. */
      readonly env?: Env | null;
    },
  ): Backend;
}

export function createBackends(options: BackendsOptions): Backends {
  const { clock, random = Math.random } = options;
  const accounts = new Map<string, Account>();
  const adapters = new Map<string, Backend>();

  const accountOf = (config: BackendConfig, env: Env): Account => {
    const key = accountKey(config, env);
    // A program takes as few calls at first as a server on this machine.
    const isLocal = PROGRAMS.has(config.type) || isLocalAddress(resolveBaseUrl(config, env));
    const account = accounts.get(key) ?? createAccount({ name: config.type, clock, isLocal });
    accounts.set(key, account);
    return account;
  };
  // Reuse backends: they remember what their server rejects, and hold connections.
  const adapterOf = (config: BackendConfig, env: Env): Backend => {
    const key = JSON.stringify([config, resolveKey(config, env)]);
    const adapter = adapters.get(key) ?? lazyBackend(config, { ...options, env });
    adapters.set(key, adapter);
    return adapter;
  };
  const seatOf = (config: BackendConfig, env: Env): Seat => ({
    backend: adapterOf(config, env),
    account: accountOf(config, env),
    ceiling: config.concurrency,
  });

  return {
    create(config, { limits, fallback, env: given }) {
      const env = given ?? options.env;
      return createResilientBackend({
        seat: seatOf(config, env),
        ...(fallback && { fallback: seatOf(fallback, env) }),
        clock,
        limits,
        random,
      });
    },
  };
}

/** Each simulated agent is a separate provider, so that one can be down while others work. */
function accountKey(config: BackendConfig, env: Env): string {
  const { type, model, style, command, args, env: ownEnv } = config;
  return JSON.stringify(
    type === "simulated"
      ? [type, model, style]
      : [type, resolveBaseUrl(config, env), resolveKey(config, env), command, args, ownEnv],
  );
}

/** Loads the provider's SDK on the first call. */
function lazyBackend(config: BackendConfig, options: BackendsOptions): Backend {
  let loading: Promise<Backend> | undefined;
  let loaded: Backend | undefined;
  async function* loadAndAsk(request: BackendRequest): AsyncGenerator<BackendEvent> {
    loading ??= LOADERS[config.type](config, options);
    loaded = await loading;
    yield* loaded.ask(request);
  }
  return {
    kind: config.type,
    model: config.model,
    provider: options.catalogue.provider(config),
    ask: (request) => loaded?.ask(request) ?? loadAndAsk(request),
  };
}

/** Each provider's module, with its SDK. */
const MODULES = {
  openai: () => import("./openai/openai.ts"),
  compatible: () => import("./compatible/compatible.ts"),
  anthropic: () => import("./anthropic/anthropic.ts"),
  gemini: () => import("./gemini/gemini.ts"),
  azure: () => import("./azure/azure.ts"),
  "claude-code": () => import("./claude-code/claude-code.ts"),
  "gemini-cli": () => import("./gemini-cli/gemini-cli.ts"),
  codex: () => import("./codex/codex.ts"),
  acp: () => import("./acp/generic.ts"),
  simulated: () => import("./simulated/simulated.ts"),
} as const satisfies Readonly<Record<BackendType, () => Promise<unknown>>>;

/** Loads the SDKs of backends that have what they need to be called: an SDK takes up to 0.3 s, which would stop all other turns. */
export async function loadBackends(configs: readonly BackendConfig[], env: Env): Promise<void> {
  const callable = configs.filter(
    (config) => config.base_url !== undefined || resolveKey(config, env) !== undefined,
  );
  for (const type of new Set(callable.map((config) => config.type))) await MODULES[type]();
}

type Loader = (config: BackendConfig, options: BackendsOptions) => Promise<Backend>;

const LOADERS: Readonly<Record<BackendType, Loader>> = {
  async openai(config, options) {
    const { createOpenAIBackend } = await MODULES.openai();
    return createOpenAIBackend(settingsOf(config, options));
  },
  async compatible(config, options) {
    const { createCompatibleBackend } = await MODULES.compatible();
    const { base_url: baseUrl } = config;
    if (baseUrl === undefined) {
      throw new BackendError("bad_request", "A compatible backend needs a base_url.");
    }
    const provider = options.catalogue.provider(config);
    return createCompatibleBackend({ ...settingsOf(config, options), baseUrl, provider });
  },
  async anthropic(config, options) {
    const { createAnthropicBackend } = await MODULES.anthropic();
    return createAnthropicBackend(settingsOf(config, options));
  },
  async gemini(config, options) {
    const { createGeminiBackend } = await MODULES.gemini();
    const { onWarning } = options;
    const apiVersion = config.api_version;
    return createGeminiBackend({ ...settingsOf(config, options), apiVersion, onWarning });
  },
  async azure(config, options) {
    const { createAzureBackend } = await MODULES.azure();
    return createAzureBackend({ ...settingsOf(config, options), apiVersion: config.api_version });
  },
  async "claude-code"(config, options) {
    const { createClaudeCodeBackend } = await MODULES["claude-code"]();
    const { command, host } = programOf(config, options);
    const { model, reasoning, max_output_tokens: maxOutputTokens, concurrency } = config;
    return createClaudeCodeBackend({
      host,
      command,
      model,
      reasoning,
      maxOutputTokens,
      concurrency,
      login: loginOf(config, options.env),
      needsOwnKey: needsOwnKey(config, options.env),
      baseUrl: resolveBaseUrl(config, options.env),
      env: config.env ?? {},
      parleyEnv: options.env,
    });
  },
  async "gemini-cli"(config, options) {
    const { createGeminiCliBackend } = await MODULES["gemini-cli"]();
    const { apiKey, baseUrl } = settingsOf(config, options);
    return createGeminiCliBackend({ ...programOf(config, options), apiKey, baseUrl });
  },
  async codex(config, options) {
    const { createCodexBackend } = await MODULES.codex();
    const { apiKey: key, baseUrl, reasoning } = settingsOf(config, options);
    const isOwn = usesOwnLogin(config, options.env);
    if (!isOwn && key === undefined) throw new BackendError("auth", CODEX_KEY, { passing: false });
    const apiKey = isOwn ? undefined : key;
    return createCodexBackend({ ...programOf(config, options), apiKey, baseUrl, reasoning });
  },
  async acp(config, options) {
    const { createGenericAcpBackend } = await MODULES.acp();
    const { command, ...program } = programOf(config, options);
    if (command === undefined) {
      throw new BackendError("bad_request", "An acp backend needs a command.");
    }
    return createGenericAcpBackend({ ...program, command, args: config.args ?? [] });
  },
  async simulated(config, { clock }) {
    const { createSimulatedBackend } = await MODULES.simulated();
    return createSimulatedBackend({ ...config, clock });
  },
};

const CODEX_KEY = "Codex needs a key: set OPENAI_API_KEY, or api_key in the team file.";

function loginOf(config: BackendConfig, env: Env): Login {
  const key = resolveKey(config, env);
  if (!usesOwnLogin(config, env)) return { type: "key", key };
  return { type: "own", token: env["CLAUDE_CODE_OAUTH_TOKEN"], configFolder: claudeFolder(env) };
}

const settingsOf = (config: BackendConfig, { env, concessions }: BackendsOptions) => ({
  model: config.model,
  apiKey: resolveKey(config, env),
  needsOwnKey: needsOwnKey(config, env),
  baseUrl: resolveBaseUrl(config, env),
  headers: config.headers,
  reasoning: config.reasoning,
  webSearch: config.web_search,
  maxOutputTokens: config.max_output_tokens,
  options: config.options,
  mayForce: config.forced_tools ?? takesForcedTools(config.type, config.model),
  ledger: concessions.of(endpointOf(config, env)),
});

/** The endpoint whose concessions a backend learns. */
export const endpointOf = (config: BackendConfig, env: Env): Endpoint => ({
  kind: config.type,
  baseUrl: resolveBaseUrl(config, env),
  model: config.model,
});
