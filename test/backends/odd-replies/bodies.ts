import { anthropicBodies } from "./anthropic-bodies.ts";
import type { BackendName } from "./backends.ts";
import { chatBodies } from "./chat-bodies.ts";
import { geminiBodies } from "./gemini-bodies.ts";
import type { Bodies } from "./kinds.ts";
import { responsesBodies } from "./responses-bodies.ts";

/** What each backend's server sends for each kind. */
export const BODIES: Readonly<Record<BackendName, Bodies>> = {
  openai: responsesBodies,
  compatible: chatBodies,
  anthropic: anthropicBodies,
  gemini: geminiBodies,
};
