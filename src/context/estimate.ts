import type { BackendRequest, Part, PromptMessage, ToolSpec } from "../backends/backend.ts";

// Measured ratio to real tokenizers: 1.07 for English, 1.15 for code, about 1.05 for Chinese, too high for Cyrillic. Calibration corrects the rest.
const BYTES_PER_TOKEN = 4;
// Tokens for the role and separators that providers add to each message.
const TOKENS_PER_MESSAGE = 4;
// The maximum that the large providers charge for one image after scaling (Anthropic: width × height / 750).
const TOKENS_PER_IMAGE = 1600;
// One PDF page of text has about 50 kB and 2,000–3,000 tokens.
const PDF_BYTES_PER_TOKEN = 20;
const LEAST_TOKENS_PER_PDF = 1500;

/** Estimates tokens from the UTF-8 length, before calibration. Linear for any input: no tokenizer runs on untrusted text. */
export const estimateText = (text: string): number => Buffer.byteLength(text) / BYTES_PER_TOKEN;

/** Tokens of one part, before calibration. */
export function estimatePart(part: Part): number {
  if (part.type === "text") return estimateText(part.text);
  if (part.mediaType.startsWith("image/")) return TOKENS_PER_IMAGE;
  return Math.max(LEAST_TOKENS_PER_PDF, part.data.byteLength / PDF_BYTES_PER_TOKEN);
}

/** Tokens of one message before calibration. */
export const estimateMessage = (message: PromptMessage): number =>
  message.parts.reduce((sum, part) => sum + estimatePart(part), TOKENS_PER_MESSAGE);

/** Tokens of the prompt before the messages, before calibration. */
export const estimateHead = (head: Pick<BackendRequest, "system" | "tools">): number =>
  head.system.reduce((sum, text) => sum + estimateText(text), 0) + estimateTools(head.tools);

const estimateTools = (tools: readonly ToolSpec[]): number =>
  tools.length === 0 ? 0 : estimateText(JSON.stringify(tools));
