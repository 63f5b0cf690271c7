// Claude models that take `any` or `tool`, by @ai-sdk/anthropic 4.0.105's capability map; Opus 5.5, Sonnet 5.5 and Fable 5.x refuse it, so
// does Fable 5 by a report of June 2026, and newer ones are not presumed to take it.
const CLAUDE_TAKES_FORCED_TOOLS =
  /^claude-(3-|haiku-5-5|sonnet-5(?!-\d(?!\d))|opus-5(?!-\d(?!\d))|mythos-|(opus|sonnet|haiku)-4)/;

/** Whether a model is known to take a tool choice that makes it call a tool. What it refuses is learned from it. */
export const takesForcedTools = (kind: string, model: string): boolean =>
  kind === "openai" ||
  kind === "gemini" ||
  (kind === "anthropic" && CLAUDE_TAKES_FORCED_TOOLS.test(model));
