import type { BackendEvent, TokenUsage } from "../backends/backend.ts";
import { estimateText } from "../context/estimate.ts";
import type { FailureClass } from "../coordination/turn-event.ts";

/** What one attempt of a call has brought so far. Times on the clock. */
export interface CallCount {
  /** Tokens, an estimate. */
  readonly promptTokens: number;
  readonly askedAt: number;
  /** When it started waiting for a free call slot. */
  readonly waitingSince: number;
  /** Null while it waits for a slot. */
  sentAt: number | null;
  /** Since `askedAt`; null: nothing has come. */
  firstTokenMs: number | null;
  /** What the provider has counted so far. */
  reported: TokenUsage | null;
  /** Tokens that were streamed, an estimate. */
  written: number;
  /** The part of `written` that belongs to tool calls under way. */
  inCalls: number;
}

export const startCount = (
  promptTokens: number,
  { askedAt, waitingSince }: Pick<CallCount, "askedAt" | "waitingSince">,
): CallCount => ({
  promptTokens,
  askedAt,
  waitingSince,
  sentAt: null,
  firstTokenMs: null,
  reported: null,
  written: 0,
  inCalls: 0,
});

type Streamed = Exclude<BackendEvent, { type: "retrying" | "done" }>;

export function count(call: CallCount, event: Streamed, now: number): void {
  if (event.type === "sent") {
    call.sentAt = now;
    return;
  }
  call.sentAt ??= call.askedAt;
  const before = call.written;
  if (event.type === "alive") {
    call.reported = event.usage ?? call.reported;
    const tokens = estimateText(event.written ?? "");
    call.inCalls += tokens;
    call.written += tokens;
  } else if (event.type === "tool_call") {
    // Most of it was counted while it was written.
    const tokens = estimateText(event.arguments);
    call.written += Math.max(0, tokens - call.inCalls);
    call.inCalls = Math.max(0, call.inCalls - tokens);
  } else call.written += estimateText(event.text);
  if (call.written > before || event.type === "tool_call") call.firstTokenMs ??= now - call.askedAt;
}

/** What a call that is broken off has used; `expectCached`: how much of its prompt comes from a cache, where the provider has not said. */
export function brokenOff(
  { reported, promptTokens, written }: CallCount,
  expectCached: (promptTokens: number) => number,
): { readonly tokens: TokenUsage; readonly estimated: number } {
  const output = Math.max(reported?.output ?? 0, Math.ceil(written));
  if (reported) return { tokens: { ...reported, output }, estimated: output };
  const cached = expectCached(promptTokens);
  const tokens = { input: promptTokens, cached, cacheWritten: 0, output };
  return { tokens, estimated: promptTokens + output };
}

/**
 * Whether a provider bills for an attempt that failed: not if it turned it away before anything came. A model that kept silent has read its
 * prompt all the same.
 */
export const isCharged = (
  { firstTokenMs, reported }: CallCount,
  failure: FailureClass | null,
): boolean => firstTokenMs !== null || reported !== null || failure === "timeout";
