import { anthropicWire } from "../../test/servers/anthropic-wire.ts";
import { chatWire } from "../../test/servers/chat-wire.ts";
import { geminiWire } from "../../test/servers/gemini-wire.ts";
import type { Wire } from "../../test/servers/model-wire.ts";
import { responsesWire } from "../../test/servers/responses-wire.ts";

/** The backends that reach a model over HTTP, and how their servers talk. */
export const WIRES = {
  openai: responsesWire,
  compatible: chatWire,
  anthropic: anthropicWire,
  gemini: geminiWire,
} as const satisfies Readonly<Record<string, Wire>>;

export type BackendName = keyof typeof WIRES;

export const BACKENDS: readonly BackendName[] = ["openai", "compatible", "anthropic", "gemini"];

export const isBackendName = (name: string | undefined): name is BackendName =>
  BACKENDS.some((known) => known === name);

/** The `base_url` of a backend whose server listens at `origin`. */
export const baseUrlOf = (backend: BackendName, origin: string): string =>
  backend === "openai" || backend === "compatible" ? `${origin}/v1` : origin;
