import type { BackendEvent, TokenUsage } from "../backends/backend.ts";
import { estimateText } from "../context/estimate.ts";
import type { FailureClass } from "../coordination/turn-event.ts";

/** The progress of one call attempt. Times on the clock. */
export interface CallCount {
  /** Estimated tokens. */
  readonly promptTokens: number;
  readonly askedAt: number;
  /** When it started waiting for room. */
  waitingSince: number;
  /** Null while it waits for room. */
  sentAt: number | null;
  /** Since `askedAt`; null before the first token. */
  firstTokenMs: number | null;
  /** The usage that the provider has reported so far. */
  reported: TokenUsage | null;
  /** Streamed tokens, estimated. */
  written: number;
  /** The part of `written` that belongs to unfinished tool calls. */
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

type Streamed = Exclude<BackendEvent, { type: "retrying" | "done" | "probed" }>;

export function count(call: CallCount, event: Streamed, now: number): void {
  if (event.type === "sent") call.sentAt = now;
  // A retry waits in the line in place of its pause.
  else if (event.type === "queued") call.waitingSince = Math.min(call.waitingSince, now);
  else countContent(call, event, now);
}

type Content = Exclude<Streamed, { type: "sent" | "queued" }>;

function countContent(call: CallCount, event: Content, now: number): void {
  call.sentAt ??= call.askedAt;
  const before = call.written;
  if (event.type === "alive") {
    call.reported = event.usage ?? call.reported;
    const tokens = estimateText(event.written ?? "");
    call.inCalls += tokens;
    call.written += tokens;
  } else if (event.type === "tool_call") {
    // Most of it was already counted while it streamed.
    const tokens = estimateText(event.arguments);
    call.written += Math.max(0, tokens - call.inCalls);
    call.inCalls = Math.max(0, call.inCalls - tokens);
  } else call.written += estimateText(wordsOf(event));
  if (call.written > before || event.type === "tool_call") call.firstTokenMs ??= now - call.askedAt;
}

const wordsOf = (event: Streamed): string => ("text" in event ? event.text : "");

/** The usage of an aborted call. `expectCached`: the cached part of the prompt, if the provider has not reported it. */
export function brokenOff(
  { reported, promptTokens, written }: CallCount,
  expectCached: (promptTokens: number) => number,
): { readonly tokens: TokenUsage; readonly estimated: number } {
  const output = Math.max(reported?.output ?? 0, Math.ceil(written));
  // Some gateways begin with zeros, and count the prompt at the end only.
  if (reported && reported.input > 0) return { tokens: { ...reported, output }, estimated: output };
  const cached = expectCached(promptTokens);
  const tokens = { input: promptTokens, cached, cacheWritten: 0, output };
  return { tokens, estimated: promptTokens + output };
}

/**
 * Whether a provider bills for a failed attempt. It does not if it rejected the attempt before streaming. It does after a timeout, because the
 * model has read the prompt.
 */
export const isCharged = (
  { firstTokenMs, reported }: CallCount,
  failure: FailureClass | null,
): boolean => firstTokenMs !== null || reported !== null || failure === "timeout";
