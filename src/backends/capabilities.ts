import type { ForcedTools } from "./backend.ts";

export interface Capabilities extends ForcedTools {
  /** `configured` overrides built-in knowledge; learned facts override both. */
  mayForce(kind: string, model: string, configured?: boolean): boolean;
}

// Claude models that take `any` or `tool`, by @ai-sdk/anthropic 4.0.105's capability map; Opus 5.5, Sonnet 5.5 and Fable 5.x refuse it, so
// does Fable 5 by a report of June 2026, and newer ones are not presumed to take it.
const CLAUDE_TAKES_FORCED_TOOLS =
  /^claude-(3-|haiku-5-5|sonnet-5(?!-\d(?!\d))|opus-5(?!-\d(?!\d))|mythos-|(opus|sonnet|haiku)-4)/;

const isKnownToTake = (kind: string, model: string): boolean =>
  kind === "openai" ||
  kind === "gemini" ||
  (kind === "anthropic" && CLAUDE_TAKES_FORCED_TOOLS.test(model));

/** Knows some models from the start and learns from rejections. Kept in memory only. */
export function createCapabilities(): Capabilities {
  const refused = new Set<string>();
  const keyOf = (kind: string, model: string) => `${kind} ${model}`;
  return {
    mayForce: (kind, model, configured = isKnownToTake(kind, model)) =>
      configured && !refused.has(keyOf(kind, model)),
    cannotForce: (kind, model) => void refused.add(keyOf(kind, model)),
  };
}
