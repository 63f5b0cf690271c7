import { FIELD_REFUSALS } from "./reported-fields.ts";
import { PART_REFUSALS } from "./reported-parts.ts";
import { TOOL_REFUSALS } from "./reported-tools.ts";
import { KINDS } from "./stage.ts";

/** Each refusal that somebody reported, at each backend where it can come. */
export const REFUSALS = [...TOOL_REFUSALS, ...FIELD_REFUSALS, ...PART_REFUSALS].flatMap((refusal) =>
  (refusal.on ?? KINDS).map((kind) => ({ kind, ...refusal })),
);
