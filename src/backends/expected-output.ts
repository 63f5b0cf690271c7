import type { MoveKind } from "../coordination/turn-event.ts";
import type { Catalogue } from "./catalogue.ts";
import type { BackendConfig } from "./config.ts";
import type { OutputHistory } from "./output-history.ts";

/** Tokens of a usual answer in a chat, some reasoning included: the prior before a model was measured. */
const TYPICAL: Readonly<Record<MoveKind, number>> = { answer: 350, review: 200, present: 350 };

/** How much more a model writes that is told to think. */
const EFFORT = { none: 0.7, minimal: 0.8, low: 1, medium: 2, high: 4, xhigh: 8, max: 12 } as const;

/** Output tokens to expect of a move of a model: as measured, else the prior; never more than the model may write. */
export function expectedOutput(
  config: BackendConfig,
  kind: MoveKind,
  { catalogue, outputs }: { readonly catalogue: Catalogue; readonly outputs: OutputHistory | null },
): number {
  const measured = outputs?.expected(`${config.type}:${config.model}`, kind);
  const prior = TYPICAL[kind] * (config.reasoning ? EFFORT[config.reasoning] : 1);
  return Math.ceil(Math.min(measured ?? prior, catalogue.facts(config).maxOutputTokens));
}
