import { calcPrice, findProvider } from "@pydantic/genai-prices";
import type { TokenUsage } from "./backend.ts";
import { isClaude } from "./cache-life.ts";
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
  "claude-code": 128_000,
  "gemini-cli": 128_000,
  codex: 128_000,
  acp: 128_000,
  simulated: 128_000,
};
const REPLY_TOKENS = 16_384;

// A custom base URL for one of the three is usually a proxy for the same provider.
const PROVIDERS: Readonly<Partial<Record<BackendType, string>>> = {
  openai: "openai",
  anthropic: "anthropic",
  gemini: "google",
  "claude-code": "anthropic",
  "gemini-cli": "google",
  codex: "openai",
  azure: "azure",
};

const providerOf = ({ type, base_url }: BackendConfig): string | null =>
  (base_url && findProvider({ providerApiUrl: base_url })?.id) || (PROVIDERS[type] ?? null);

// The catalogue throws if the parts exceed the total, as some servers' counts do.
const asCatalogueUsage = ({ input, cached, cacheWritten, output, ...rest }: TokenUsage) => ({
  input_tokens: Math.max(input, cached + cacheWritten),
  cache_read_tokens: cached,
  cache_write_tokens: cacheWritten,
  cache_write_1h_tokens: longWrites({ cacheWritten, ...rest }),
  output_tokens: output,
});

const longWrites = ({
  cacheWritten,
  cacheWrittenLong = 0,
}: Pick<TokenUsage, "cacheWritten" | "cacheWrittenLong">): number =>
  Math.min(cacheWritten, cacheWrittenLong);

/** What Claude's writes for an hour cost, in prices of input: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing */
const LONG_WRITE = 2;

function lookUp(config: BackendConfig, usage: TokenUsage) {
  const providerId = providerOf(config);
  if (providerId === null) return null;
  const found = calcPrice(asCatalogueUsage(usage), config.model, { providerId });
  return found && isSameModel(found.model, config.model) ? found : null;
}

function catalogueCost(config: BackendConfig, usage: TokenUsage): number | null {
  const found = lookUp(config, usage);
  const isListed = found?.model_price["cache_write_1h_mtok"] !== undefined;
  return found && !isListed && isClaude(config.model)
    ? resoldCost(config, usage)
    : (found?.total_price ?? null);
}

/** The catalogue has the price of writes for an hour for Anthropic only, not for those who resell its models. */
function resoldCost(config: BackendConfig, usage: TokenUsage): number {
  const { input, cacheWritten } = usage;
  const long = longWrites(usage);
  const priceOf = (tokens: TokenUsage) => lookUp(config, tokens)?.total_price ?? 0;
  // Its prices depend on the length of the prompt.
  const perToken = input === 0 ? 0 : priceOf({ ...NOTHING, input }) / input;
  const short = { ...usage, input: input - long, cacheWritten: cacheWritten - long };
  return priceOf({ ...short, cacheWrittenLong: 0 }) + long * perToken * LONG_WRITE;
}

function costAt(price: Price, usage: TokenUsage): number {
  const { input, cached, cacheWritten, output } = usage;
  const fresh = Math.max(0, input - cached - cacheWritten);
  const long = longWrites(usage);
  const { cached: cachedPrice = price.input, written = price.input } = price;
  const { written_1h: writtenLong = written } = price;
  const millionths =
    fresh * price.input +
    cached * cachedPrice +
    (cacheWritten - long) * written +
    long * writtenLong +
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
      return catalogueCost(config, usage);
    },
  };
}
