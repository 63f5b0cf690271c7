import type { TokenUsage } from "../backends/backend.ts";
import type { Usage } from "../coordination/turn-event.ts";
import { estimateText } from "../context/estimate.ts";
import type { Reply } from "./ask.ts";

export type Cost = (usage: TokenUsage) => number | null;

/** What one call used; estimated where the backend did not say. */
export function usageOf(reply: Reply, promptTokens: number, cost: Cost): Usage {
  // No call is free of tokens: some compatible servers report zeros for what they do not count.
  const { usage } = reply;
  const tokens = usage && usage.input + usage.output > 0 ? usage : guess(reply, promptTokens);
  const { input, cached, output } = tokens;
  return { input, cached, output, costUsd: cost(tokens), firstTokenMs: reply.firstTokenMs };
}

function guess(reply: Reply, promptTokens: number): TokenUsage {
  const written = [reply.text, ...reply.calls.map((call) => call.arguments)];
  const output = Math.ceil(written.reduce((sum, text) => sum + estimateText(text), 0));
  return { input: promptTokens, cached: 0, cacheWritten: 0, output };
}

/** Two calls of one move. An unknown price stays unknown; the first token is the move's first. */
export const sumUsage = (before: Usage | null, after: Usage): Usage =>
  before === null
    ? after
    : {
        input: before.input + after.input,
        cached: before.cached + after.cached,
        output: before.output + after.output,
        costUsd:
          before.costUsd === null || after.costUsd === null ? null : before.costUsd + after.costUsd,
        firstTokenMs: before.firstTokenMs ?? after.firstTokenMs,
      };
