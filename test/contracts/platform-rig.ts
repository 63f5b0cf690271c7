import type { ConversationId } from "../../src/ids.ts";
import type {
  IncomingCommand,
  IncomingFeedback,
  IncomingMessage,
  Intake,
  Platform,
  PostedMessage,
} from "../../src/platform.ts";
import { whyReply } from "../../src/progress/why-reply.ts";
import type { CommandReply } from "../../src/reply.ts";
import { runningTurn } from "./platform-samples.ts";

/** What a platform's own tests lend to the contract: the platform, and a person on the other side of it. */
export interface PlatformRig {
  readonly platform: Platform;
  /** A conversation in which a person has begun, or can begin, to write. */
  conversation(): Promise<ConversationId>;
  /** A person writes a message, addressed to Parley; resolves when it stands in the conversation. */
  write(conversation: ConversationId, text: string): Promise<void>;
  readonly actions: PersonActions;
  /** The platform as a new process finds it, over the same messages. Not started. */
  restart(): Promise<Platform>;
  /** A new process, started, that takes on what it missed; absent: nobody can write while Parley is away. */
  reopen?(intake: Intake): Promise<Platform>;
  /** From now on, files are refused for want of a permission; absent: the platform takes every file. */
  refuseUploads?(): void;
  close(): Promise<void>;
}

/** What a person can do about Parley's messages, by a button, a form or a command; absent: the platform does not offer it. */
export interface PersonActions {
  readonly stop: (status: PostedMessage) => Promise<void>;
  readonly retry?: (final: PostedMessage) => Promise<void>;
  /** Resolves to what the person reads then. */
  readonly why?: (final: PostedMessage) => Promise<string>;
  /** `answer`: its label. */
  readonly prefer?: (status: PostedMessage, answer: string) => Promise<void>;
  /** Sends the queued message that the status shows to the running turn. */
  readonly steer?: (status: PostedMessage) => Promise<void>;
  /** Starts over with that message. */
  readonly restart?: (status: PostedMessage) => Promise<void>;
  readonly rate?: (final: PostedMessage, verdict: "up" | "down") => Promise<void>;
}

export interface Heard {
  readonly messages: IncomingMessage[];
  readonly commands: IncomingCommand[];
  readonly feedback: IncomingFeedback[];
  readonly intake: Intake;
  /** While true, nothing can be taken on. */
  isDown: boolean;
}

/** An intake that keeps what it is handed. */
export function listen(): Heard {
  const messages: IncomingMessage[] = [];
  const commands: IncomingCommand[] = [];
  const feedback: IncomingFeedback[] = [];
  const done: CommandReply = { title: "Done", blocks: [], visibleTo: "asker", ok: true };
  const intake: Intake = {
    message(message) {
      if (heard.isDown) return Promise.reject(new Error("The store is down."));
      messages.push(message);
      return Promise.resolve();
    },
    edited: () => Promise.resolve(),
    deleted: () => Promise.resolve(),
    replaced: () => Promise.resolve(),
    claim: async () => true,
    command(command) {
      commands.push(command);
      const isWhy = command.text.startsWith("why");
      return Promise.resolve(isWhy ? whyReply(runningTurn, "full") : done);
    },
    feedback(one) {
      feedback.push(one);
      return Promise.resolve({ outcome: "taken", before: null });
    },
  };
  const heard = { messages, commands, feedback, intake, isDown: false };
  return heard;
}
