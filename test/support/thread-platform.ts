import { type ConversationId, formatConversationId } from "../../src/ids.ts";
import { PlatformError } from "../../src/platform.ts";
import type {
  DeliveryMark,
  IncomingMessage,
  Intake,
  Outgoing,
  Person,
  Platform,
  ThreadMessage,
} from "../../src/platform.ts";

/** One thread on a platform that keeps everything in memory, and a person who writes in it. */
export interface ThreadPlatform extends Platform {
  readonly conversation: ConversationId;
  /** What stands in the thread, oldest first. */
  messages(): readonly Standing[];
  /** The texts of what Parley posted, of one kind. */
  texts(kind: "final" | "note"): readonly string[];
  /** How the status messages stand, oldest first. */
  phases(): readonly string[];
  /** A person writes; `told: false`: the platform delivers it later, by `deliver`. */
  say(text: string, how?: Partial<IncomingMessage> & { readonly told?: boolean }): Promise<IncomingMessage>;
  deliver(message: IncomingMessage): Promise<void>;
  edit_(message: IncomingMessage, text: string, eventId?: string): Promise<void>;
  delete(message: IncomingMessage, eventId?: string): Promise<void>;
  command(text: string, eventId?: string): ReturnType<Intake["command"]>;
}

interface Standing extends ThreadMessage {
  readonly content?: Outgoing;
}

const ADA: Person = { id: "ada", name: "Ada", kind: "person" };
const SELF: Person = { id: "parley", name: "Parley", kind: "self" };
