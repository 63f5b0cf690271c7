import { calcPrice, findProvider } from "@pydantic/genai-prices";
import type { TokenUsage } from "./backend.ts";
import type { BackendConfig, BackendType, Price } from "./config.ts";
import { isSameModel } from "./same-model.ts";

/** Sizes of a model, in tokens. */
export interface ModelFacts {
  readonly contextWindow: number;
  /** Tokens reserved for a reply. */
  readonly maxOutputTokens: number;
  /** False if the window is unknown and this is a conservative guess. */
  readonly known: boolean;
}

/** Context windows and prices of models, from the config or the snapshot in `@pydantic/genai-prices`. Never uses the network. */
export interface Catalogue {
  /** The billing provider's id in the catalogue; null if unknown. */
  provider(config: BackendConfig): string | null;
  facts(config: BackendConfig): ModelFacts;
  /** US dollars; null if the price is unknown. */
  cost(config: BackendConfig, usage: TokenUsage): number | null;
}

// All current models of the three providers read at least this much. Local servers are often configured with far less.
const CAUTIOUS_WINDOW: Readonly<Record<BackendType, number>> = {
  openai: 128_000,
  anthropic: 128_000,
  gemini: 128_000,
  azure: 128_000,
  compatible: 32_000,
  simulated: 128_000,
};
const REPLY_TOKENS = 16_384;

// A custom base URL for one of the three is usually a proxy for the same provider.
const PROVIDERS: Readonly<Partial<Record<BackendType, string>>> = {
  openai: "openai",
  anthropic: "anthropic",
  gemini: "google",
  azure: "azure",
};

const providerOf = ({ type, base_url }: BackendConfig): string | null =>
  (base_url && findProvider({ providerApiUrl: base_url })?.id) || (PROVIDERS[type] ?? null);

// The catalogue throws if the parts exceed the total, as some servers' counts do.
const asCatalogueUsage = ({ input, cached, cacheWritten, output }: TokenUsage) => ({
  input_tokens: Math.max(input, cached + cacheWritten),
  cache_read_tokens: cached,
  cache_write_tokens: cacheWritten,
  output_tokens: output,
});

function lookUp(config: BackendConfig, usage: TokenUsage) {
  const providerId = providerOf(config);
  if (providerId === null) return null;
  const found = calcPrice(asCatalogueUsage(usage), config.model, { providerId });
  return found && isSameModel(found.model, config.model) ? found : null;
}

function costAt(price: Price, { input, cached, cacheWritten, output }: TokenUsage): number {
  const fresh = Math.max(0, input - cached - cacheWritten);
  const { cached: cachedPrice = price.input, written: writtenPrice = price.input } = price;
  const millionths =
    fresh * price.input +
    cached * cachedPrice +
    cacheWritten * writtenPrice +
    output * price.output;
  return millionths / 1e6;
}

const NOTHING: TokenUsage = { input: 0, cached: 0, cacheWritten: 0, output: 0 };

export function createCatalogue(): Catalogue {
  return {
    provider: providerOf,
    facts(config) {
      const told =
        config.context_window ??
        (config.type === "simulated"
          ? CAUTIOUS_WINDOW.simulated
          : lookUp(config, NOTHING)?.model.context_window);
      const contextWindow = told ?? CAUTIOUS_WINDOW[config.type];
      const reply = Math.min(REPLY_TOKENS, Math.floor(contextWindow / 4));
      return {
        contextWindow,
        maxOutputTokens: config.max_output_tokens ?? reply,
        known: told !== undefined,
      };
    },
    cost(config, usage) {
      if (config.price) return costAt(config.price, usage);
      if (config.type === "simulated") return 0;
      return lookUp(config, usage)?.total_price ?? null;
    },
  };
}
