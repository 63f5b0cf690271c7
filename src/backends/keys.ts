import type { BackendConfig, BackendType } from "./config.ts";

/** Environment variables by name, passed in rather than read from the process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The providers with keys in the environment. */
export const PROVIDERS = ["openai", "anthropic", "gemini"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** The SDKs' variables. The first one set wins. */
export const PROVIDER_KEYS = {
  openai: ["OPENAI_API_KEY"],
  anthropic: ["ANTHROPIC_API_KEY"],
  gemini: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
} as const satisfies Record<Provider, readonly string[]>;

/** Every variable whose key Parley uses by itself. */
export const KEY_VARIABLES: readonly string[] = [
  ...Object.values(PROVIDER_KEYS).flat(),
  "AZURE_OPENAI_API_KEY",
];

const KEYS: Readonly<Record<BackendType, readonly string[]>> = {
  ...PROVIDER_KEYS,
  azure: ["AZURE_OPENAI_API_KEY"],
  compatible: [],
  "claude-code": ["ANTHROPIC_API_KEY"],
  "gemini-cli": PROVIDER_KEYS.gemini,
  codex: PROVIDER_KEYS.openai,
  acp: [],
  simulated: [],
};

const BASE_URLS: Readonly<Partial<Record<BackendType, string>>> = {
  openai: "OPENAI_BASE_URL",
  anthropic: "ANTHROPIC_BASE_URL",
  "claude-code": "ANTHROPIC_BASE_URL",
  gemini: "GOOGLE_GEMINI_BASE_URL",
  "gemini-cli": "GOOGLE_GEMINI_BASE_URL",
  codex: "OPENAI_BASE_URL",
  azure: "AZURE_OPENAI_ENDPOINT",
};

/** Each provider's own host, for https and the default port. */
const HOSTS: Readonly<Partial<Record<BackendType, RegExp>>> = {
  openai: /^https:\/\/([a-z0-9-]+\.)?api\.openai\.com$/,
  codex: /^https:\/\/([a-z0-9-]+\.)?api\.openai\.com$/,
  anthropic: /^https:\/\/api\.anthropic\.com$/,
  "claude-code": /^https:\/\/api\.anthropic\.com$/,
  gemini: /^https:\/\/generativelanguage\.googleapis\.com$/,
  "gemini-cli": /^https:\/\/generativelanguage\.googleapis\.com$/,
};

const present = (value: string | undefined): string | undefined => value?.trim() || undefined;

/** Scheme, host and port. */
const originOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).origin : null);

const configuredUrl = ({ type }: BackendConfig, env: Env): string | undefined => {
  const variable = BASE_URLS[type];
  return variable ? present(env[variable]) : undefined;
};

/** Keys from the environment go only to their provider, or to its *_BASE_URL. A team file cannot send them elsewhere. */
function getsProviderKey(config: BackendConfig, env: Env): boolean {
  if (config.base_url === undefined) return true;
  const origin = originOf(config.base_url);
  const configured = configuredUrl(config, env);
  if (origin === null) return false;
  return (
    HOSTS[config.type]?.test(origin) === true ||
    (configured !== undefined && originOf(configured) === origin)
  );
}

/** A backend's key: from the config, or from the environment if allowed; undefined if there is none. */
export const resolveKey = (config: BackendConfig, env: Env): string | undefined =>
  present(config.api_key) ??
  (getsProviderKey(config, env)
    ? KEYS[config.type].map((name) => present(env[name])).find((key) => key !== undefined)
    : undefined);

/** The backend's base URL; undefined for its provider's. */
export const resolveBaseUrl = (config: BackendConfig, env: Env): string | undefined =>
  config.base_url ?? configuredUrl(config, env);

/** Whether the backend is at a host that keys from the environment must not reach, so that it needs its own key. */
export const needsOwnKey = (config: BackendConfig, env: Env): boolean =>
  KEYS[config.type].length > 0 && !getsProviderKey(config, env);

const WITH_LOGIN: ReadonlySet<BackendType> = new Set<BackendType>(["claude-code", "codex"]);

/** Whether a program uses its own log-in on this machine, which goes only to its provider. */
export const usesOwnLogin = (config: BackendConfig, env: Env): boolean =>
  WITH_LOGIN.has(config.type) &&
  !needsOwnKey(config, env) &&
  config.login !== "key" &&
  (config.login === "own" || resolveKey(config, env) === undefined);

const AUTHORISE: Readonly<Partial<Record<BackendType, RegExp>>> = {
  openai: /^(authorization|api-key)$/i,
  azure: /^(authorization|api-key)$/i,
  anthropic: /^(authorization|x-api-key)$/i,
};

const isAuthorised = ({ type, headers = {} }: BackendConfig): boolean =>
  Object.keys(headers).some((name) => AUTHORISE[type]?.test(name) === true);

/** The first variable that a backend's key may be in; none if it needs an `api_key` of its own. */
export const keyNames = (config: BackendConfig, env: Env): readonly string[] =>
  needsOwnKey(config, env) ? [] : KEYS[config.type].slice(0, 1);

/** How to provide a missing key: "set GEMINI_API_KEY or GOOGLE_API_KEY, or api_key here"; null if it needs none or has one. */
export function missingKey(config: BackendConfig, env: Env): string | null {
  const names = KEYS[config.type];
  if (usesOwnLogin(config, env)) return null;
  if (names.length === 0 || isAuthorised(config) || resolveKey(config, env) !== undefined) {
    return null;
  }
  return needsOwnKey(config, env)
    ? `set api_key here. ${names.join(" or ")} goes only to its own provider, and to the host that ${BASE_URLS[config.type]} names`
    : `set ${names.join(" or ")}, or api_key here`;
}
