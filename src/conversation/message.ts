import type { AttachedFile } from "../platform.ts";

/** One message of a thread as the models see it. */
export interface ConversationMessage {
  /** Of the platform's message; of the first part, for a split answer. */
  readonly id: string;
  /** `assistant`: a final answer of Parley; everybody else, other bots too, is a user. */
  readonly role: "user" | "assistant";
  /** Display name, unique in the conversation. */
  readonly author: string;
  /** Markdown. */
  readonly text: string;
  readonly files: readonly AttachedFile[];
}

/** What a turn is asked, and all that was said before it. */
export interface Conversation {
  /** Oldest first, without the request and without what people said after it. */
  readonly history: readonly ConversationMessage[];
  readonly request: ConversationMessage;
  /** False: the platform would not give the whole thread. */
  readonly complete: boolean;
  /** Ends the tags of this thread's prompts: letters and digits that nobody in the thread knows. */
  readonly fenceCode: string;
}
