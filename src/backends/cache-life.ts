import type { CacheLife } from "../coordination/cache-life.ts";
import type { BackendConfig, BackendType } from "./config.ts";

/** Claude caches what is marked, at Anthropic and behind gateways alike. */
export const isClaude = (model: string): boolean => /claude/i.test(model);

/** A mark for Claude: the prompt up to it is cached. Five minutes are the default, which all servers take. */
export const cacheMark = (life: CacheLife = "5m") =>
  ({
    cache_control: { type: "ephemeral", ...(life === "1h" && { ttl: "1h" }) },
  }) as const;

const VERSION = /gpt-(\d+)(?:\.(\d+))?/i;

/**
 * The fields that make OpenAI's models keep the prompt for an hour; none for 5 minutes. Up to GPT-5.5 a retention of 24 hours, at no price;
 * later models refuse it and take a `ttl`, of which 12 hours is the next after the default of 30 minutes.
 * https://developers.openai.com/api/docs/guides/prompt-caching
 */
export function retentionFields(model: string, life: CacheLife = "5m") {
  const kind = life === "5m" ? null : retentionOf(model);
  if (kind === null) return {};
  return kind === "ttl"
    ? ({ prompt_cache_options: { ttl: "12h" } } as const)
    : ({ prompt_cache_retention: "24h" } as const);
}

function retentionOf(model: string): "ttl" | "retention" | null {
  const [, major, minor = "0"] = VERSION.exec(model) ?? [];
  if (major === undefined) return null;
  const version = Number(major) * 100 + Number(minor);
  if (version >= 506) return "ttl";
  return version >= 500 || version === 401 ? "retention" : null;
}

/** Whether the life of the cache can be chosen: Gemini and most compatible servers decide themselves. */
export const takesCacheLife = ({ type, model }: BackendConfig, provider: string | null): boolean =>
  TAKES_LIFE[type](model, provider);

const never = (): boolean => false;
const byRetention = (model: string): boolean => retentionOf(model) !== null;

const TAKES_LIFE: Readonly<
  Record<BackendType, (model: string, provider: string | null) => boolean>
> = {
  anthropic: () => true,
  openai: byRetention,
  azure: byRetention,
  compatible: (model, provider) =>
    isClaude(model) || (keepsLikeOpenAI(provider) && byRetention(model)),
  gemini: never,
  "claude-code": never,
  "gemini-cli": never,
  codex: never,
  acp: never,
  simulated: never,
};

/** Whether Chat Completions at this provider take the fields of `retentionFields`. */
export const keepsLikeOpenAI = (provider: string | null | undefined): boolean =>
  provider === "openai" || provider === "azure";
