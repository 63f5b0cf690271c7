import type { Json } from "../wire/json.ts";
import type { Message } from "./message.ts";

export const INTERACTION = {
  command: 2,
  component: 3,
  autocomplete: 4,
  modal: 5,
} as const;

/** How the bot answered first; `failed`: not within three seconds. */
export type Outcome =
  | "waiting"
  | "message"
  | "thinking"
  | "updated"
  | "deferred"
  | "modal"
  | "choices"
  | "failed";

/** Something a person did that the bot has to answer. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly userId: string;
  readonly channelId: string;
  readonly commandName: string | null;
  readonly data: Json;
  /** The message whose button was pressed. */
  readonly message: Message | null;
  readonly createdAt: number;
  outcome: Outcome;
  /** Its first answer, where that is a message. */
  original: Message | null;
  /** A deferred answer is yet to be filled in. */
  isThinking: boolean;
  /** Everything it was answered with, oldest first. */
  readonly replies: Message[];
  modal: Json | null;
  choices: readonly Json[] | null;
  /** Called once, when the outcome is known. */
  settle: () => void;
}

/** Life of an interaction's token, ms. */
export const TOKEN_MS = 15 * 60_000;
