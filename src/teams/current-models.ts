import type { BackendConfig } from "../backends/config.ts";

/** A provider for automatic teams. */
export interface ProviderSeat {
  readonly id: string;
  readonly name: string;
  readonly backend: BackendConfig;
}

/**
 * The models that Parley picks by default, one per provider: the strongest general model of the current generation with a price in the
 * catalogue. As of November 2026.
 */
export const CURRENT_SEATS = {
  openai: { id: "gpt", name: "GPT", backend: { type: "openai", model: "gpt-6-sol" } },
  anthropic: {
    id: "claude",
    name: "Claude",
    backend: { type: "anthropic", model: "claude-opus-5-5" },
  },
  gemini: { id: "gemini", name: "Gemini", backend: { type: "gemini", model: "gemini-3.8-flash" } },
} as const satisfies Readonly<Record<string, ProviderSeat>>;

/** The programs that take a provider's seat where it has no key. */
export const PROGRAM_SEATS: Readonly<Partial<Record<string, ProviderSeat>>> = {
  openai: {
    id: "gpt",
    name: "GPT",
    backend: { type: "codex", model: CURRENT_SEATS.openai.backend.model },
  },
  anthropic: {
    id: "claude",
    name: "Claude",
    backend: { type: "claude-code", model: CURRENT_SEATS.anthropic.backend.model },
  },
};
