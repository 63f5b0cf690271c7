import type { Offence } from "./offences.ts";
import type { Kind } from "./stage.ts";

/** A refusal as servers gave it, and the part of a request that leads to it. */
export interface Refusal {
  readonly what: string;
  /** The message. Where it was reported as JSON, `body` has the whole of it. */
  readonly words: string;
  readonly body?: string;
  /** Default: 400. */
  readonly status?: number;
  /** Default: all four. */
  readonly on?: readonly Kind[];
  readonly offends: Offence;
}

/** Servers that speak Chat Completions, and those that speak an API of OpenAI. */
export const CHAT = ["compatible"] as const;
export const OPENAI = ["openai", "compatible"] as const;
