/** What adapters ask before they force a tool choice, and tell when the model refused it. */
export interface ForcedToolMemory {
  mayForce(provider: string, model: string): boolean;
  cannotForce(provider: string, model: string): void;
}

export interface Capabilities extends ForcedToolMemory {
  /** `configured` stands in for what is known beforehand; what was learned wins over both. */
  mayForce(provider: string, model: string, configured?: boolean): boolean;
}

// Claude models that take `any` or `tool`, by @ai-sdk/anthropic 4.0.105's capability map; Opus 5.5, Sonnet 5.5 and Fable 5.x refuse it, so
// does Fable 5 by a report of June 2026, and newer ones are not presumed to take it.
const CLAUDE_TAKES_FORCED_TOOLS =
  /^claude-(3-|haiku-5-5|sonnet-5(?!-\d(?!\d))|opus-5(?!-\d(?!\d))|mythos-|(opus|sonnet|haiku)-4)/;

const isKnownToTake = (provider: string, model: string): boolean =>
  provider === "openai" ||
  provider === "gemini" ||
  (provider === "anthropic" && CLAUDE_TAKES_FORCED_TOOLS.test(model));

/** Which models take a forced tool choice: known ones from the start, others as they refuse, for as long as the process lives. */
export function createCapabilities(): Capabilities {
  const refused = new Set<string>();
  const keyOf = (provider: string, model: string) => `${provider} ${model}`;
  return {
    mayForce: (provider, model, configured = isKnownToTake(provider, model)) =>
      configured && !refused.has(keyOf(provider, model)),
    cannotForce: (provider, model) => void refused.add(keyOf(provider, model)),
  };
}
