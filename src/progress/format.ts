import type { Policy } from "../coordination/policy.ts";

const SECOND = 1000;

/** Milliseconds as "42s", "2m05s", "1h03m". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${padded(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h${padded(minutes % 60)}m`;
}

const padded = (value: number): string => String(value).padStart(2, "0");

/** US dollars as "$1.23", "$0.042", "$0.0007"; null is "cost unknown", never "$0". */
export function formatMoney(usd: number | null): string {
  if (usd === null) return "cost unknown";
  if (usd === 0) return "$0";
  if (usd < 0.0001) return "<$0.0001";
  if (usd < 0.01) return `$${usd.toFixed(4)}`;
  return usd < 1 ? `$${usd.toFixed(3)}` : `$${usd.toFixed(2)}`;
}

/** A count of tokens as "950", "1.2k", "12k", "1.2M". */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(Math.round(tokens));
  // From 999,500 on, rounding would say "1000k".
  if (tokens < 999_500) return `${oneDigit(tokens / 1000)}k`;
  return `${oneDigit(tokens / 1_000_000)}M`;
}

/** Formats tokens and cost. Marks partly estimated amounts: "≈1.2k tokens", "≈$0.031". */
export function formatSpent({
  tokens,
  costUsd,
  estimated = 0,
}: {
  readonly tokens: number;
  readonly costUsd: number | null;
  /** How many of the tokens are estimates. */
  readonly estimated?: number | undefined;
}): { readonly tokens: string; readonly money: string } {
  const mark = estimated > 0 ? "≈" : "";
  const money = formatMoney(costUsd);
  return {
    tokens: `${mark}${formatTokens(tokens)} tokens`,
    money: money.startsWith("$") && costUsd !== 0 ? `${mark}${money}` : money,
  };
}

const oneDigit = (value: number): string =>
  value < 9.95 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value));

/** A tally as "+2.3" or "−0.5"; "2 votes" under `plurality`; "–" without scores. */
export function formatScore(score: number | null, tally: Policy["tally"]): string {
  if (score === null) return "–";
  const rounded = Math.round(Math.abs(score) * 10) / 10;
  if (tally === "plurality") return formatCount(rounded, "vote");
  if (rounded === 0) return "0.0";
  return `${score > 0 ? "+" : "−"}${rounded.toFixed(1)}`;
}

/** "1 vote", "2 votes". */
export const formatCount = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;
