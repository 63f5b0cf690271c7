import type { TokenUsage } from "../backend.ts";
import type { Prompted } from "./wire.ts";

/** What a prompt used; null: the agent does not say. Zeros are what some report after a cancel. */
export function usageOf({ usage, _meta }: Prompted): TokenUsage | null {
  const found = usage ? byProtocol(usage) : byQuota(_meta?.quota?.token_count);
  return found && found.input + found.output > 0 ? found : null;
}

/** The protocol counts cached tokens apart from the input, and thoughts apart from the output; for some agents the output includes them. */
function byProtocol(usage: NonNullable<Prompted["usage"]>): TokenUsage | null {
  const { inputTokens, outputTokens, thoughtTokens, totalTokens } = usage;
  if (typeof inputTokens !== "number" || typeof outputTokens !== "number") return null;
  const cached = usage.cachedReadTokens ?? 0;
  const cacheWritten = usage.cachedWriteTokens ?? 0;
  const input = inputTokens + cached + cacheWritten;
  const isApart =
    typeof totalTokens === "number" && totalTokens >= input + outputTokens + (thoughtTokens ?? 0);
  return {
    input,
    cached,
    cacheWritten,
    output: outputTokens + (isApart ? (thoughtTokens ?? 0) : 0),
  };
}

type Quota = {
  input_tokens?: number | null | undefined;
  output_tokens?: number | null | undefined;
};

/** Gemini CLI tells neither cached tokens nor thoughts. */
function byQuota(quota: Quota | undefined): TokenUsage | null {
  const { input_tokens: input, output_tokens: output } = quota ?? {};
  return typeof input === "number" && typeof output === "number"
    ? { input, cached: 0, cacheWritten: 0, output }
    : null;
}
