import type { AttachedFile } from "../platform.ts";

/** One message of a thread as the models see it. */
export interface ConversationMessage {
  /** The platform's message id; for a split answer, that of its first part. */
  readonly id: string;
  /** `assistant` for Parley's final answers, `user` for everyone else, including other bots. */
  readonly role: "user" | "assistant";
  /** Display name, unique in the conversation. */
  readonly author: string;
  /** Markdown. */
  readonly text: string;
  readonly files: readonly AttachedFile[];
}

/** A turn's request and the thread before it. */
export interface Conversation {
  /** Oldest first, without the request and later messages from people. */
  readonly history: readonly ConversationMessage[];
  readonly request: ConversationMessage;
  /** False if the platform did not return the whole thread. */
  readonly complete: boolean;
  /** A secret suffix (letters and digits) for the tags in this thread's prompts. */
  readonly fenceCode: string;
}
