import type { MessageCreateParamsBase } from "@anthropic-ai/sdk/resources/messages/messages";
import type { BackendConfig } from "../config.ts";

export type Reasoning = NonNullable<BackendConfig["reasoning"]>;
type Thinking = Pick<MessageCreateParamsBase, "thinking" | "output_config">;

// Always request summaries: current models write text between tool calls as thinking, and send it empty by default (5.5 migration guide).
const ADAPTIVE = { type: "adaptive", display: "summarized" } as const;

const EFFORT = {
  none: "low",
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
  max: "max",
} as const satisfies Record<Reasoning, string>;

/** Tokens; 1,024 is the API's minimum. */
const BUDGET = { minimal: 1024, low: 2048, medium: 8192, high: 16_384, xhigh: 24_576, max: 32_768 };

/**
 * Converts `reasoning` to request fields. Models from 5 on think by default, at an effort level; 4.6 to 4.8 support effort levels on request; older
 * ones take a token budget and reject the newer fields. Other vendors' models get what the config asks for.
 */
export function thinkingOf(
  model: string,
  reasoning: Reasoning | undefined,
  maxTokens: number,
): Thinking {
  const version = claudeVersion(model);
  const thinksByDefault = version !== null && version >= 5;
  if (version !== null && version < 4.6) return budgeted(reasoning, maxTokens);
  if (reasoning === undefined) return thinksByDefault ? { thinking: ADAPTIVE } : {};
  if (reasoning === "none" && !thinksByDefault) return {};
  return { thinking: ADAPTIVE, output_config: { effort: EFFORT[reasoning] } };
}

/** 4.6 for `claude-opus-4-6`, 3 for `claude-3-7-sonnet-latest`, 5 for a family without a version; null for other models. */
export function claudeVersion(model: string): number | null {
  if (!model.includes("claude")) return null;
  const early = /claude-([123])\b/.exec(model);
  if (early) return Number(early[1]);
  // A date (`claude-sonnet-4-20250514`) is not a minor version.
  const [, major = "5", minor = "0"] =
    /-(?:opus|sonnet|haiku|fable|mythos)-(\d{1,2})(?!\d)(?:[-.](\d)(?!\d))?/.exec(model) ?? [];
  return Number(`${major}.${minor}`);
}

function budgeted(reasoning: Reasoning | undefined, maxTokens: number): Thinking {
  if (reasoning === undefined || reasoning === "none") return {};
  // At most half of the output, to leave tokens for the answer.
  const budget = Math.min(BUDGET[reasoning], Math.floor(maxTokens / 2));
  return budget < 1024 ? {} : { thinking: { type: "enabled", budget_tokens: budget } };
}
