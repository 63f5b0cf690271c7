import type { BackendConfig, BackendType } from "./config.ts";

/** Environment variables by name; never read from the process here. */
export type Env = Readonly<Record<string, string | undefined>>;

// The SDKs' own variables, the first one set wins.
const KEYS: Readonly<Record<BackendType, readonly string[]>> = {
  openai: ["OPENAI_API_KEY"],
  compatible: [],
  anthropic: ["ANTHROPIC_API_KEY"],
  gemini: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  simulated: [],
};

const BASE_URLS: Readonly<Partial<Record<BackendType, string>>> = {
  openai: "OPENAI_BASE_URL",
  anthropic: "ANTHROPIC_BASE_URL",
  gemini: "GOOGLE_GEMINI_BASE_URL",
};

const present = (value: string | undefined): string | undefined => value?.trim() || undefined;

/** The key of a backend: the config's own, else the environment's; undefined: none is set. */
export const resolveKey = (config: BackendConfig, env: Env): string | undefined =>
  present(config.api_key) ??
  KEYS[config.type].map((name) => present(env[name])).find((key) => key !== undefined);

/** Where the backend's API lives; undefined: at its provider's. */
export function resolveBaseUrl(config: BackendConfig, env: Env): string | undefined {
  const variable = BASE_URLS[config.type];
  return config.base_url ?? (variable ? present(env[variable]) : undefined);
}

/** The variables to set so that the backend has a key ("GEMINI_API_KEY or GOOGLE_API_KEY"); null: it needs none or has one. */
export function missingKey(config: BackendConfig, env: Env): string | null {
  const names = KEYS[config.type];
  return names.length === 0 || resolveKey(config, env) !== undefined ? null : names.join(" or ");
}
