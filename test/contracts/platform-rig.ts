import type { ConversationId } from "../../src/ids.ts";
import type {
  IncomingCommand,
  IncomingMessage,
  Intake,
  Platform,
  PostedMessage,
} from "../../src/platform.ts";

/** What a platform's own tests lend to the contract: the platform, and a person on the other side of it. */
export interface PlatformRig {
  readonly platform: Platform;
  /** A conversation in which a person has begun, or can begin, to write. */
  conversation(): Promise<ConversationId>;
  /** A person writes a message, addressed to Parley; resolves when it stands in the conversation. */
  write(conversation: ConversationId, text: string): Promise<void>;
  /** A person stops the turn that a status message shows, by its button or a command. */
  stopTurn(status: PostedMessage): Promise<void>;
  /** The platform as a new process finds it, over the same messages. Not started. */
  restart(): Promise<Platform>;
  /** A new process, started, that takes on what it missed; absent: nobody can write while Parley is away. */
  reopen?(intake: Intake): Promise<Platform>;
  close(): Promise<void>;
}

export interface Heard {
  readonly messages: IncomingMessage[];
  readonly commands: IncomingCommand[];
  readonly intake: Intake;
  /** While true, nothing can be taken on. */
  isDown: boolean;
}

/** An intake that keeps what it is handed. */
export function listen(): Heard {
  const messages: IncomingMessage[] = [];
  const commands: IncomingCommand[] = [];
  const reply = { title: "", blocks: [], visibleTo: "asker", ok: true } as const;
  const intake: Intake = {
    message(message) {
      if (heard.isDown) return Promise.reject(new Error("The store is down."));
      messages.push(message);
      return Promise.resolve();
    },
    edited: () => Promise.resolve(),
    deleted: () => Promise.resolve(),
    command(command) {
      commands.push(command);
      return Promise.resolve(reply);
    },
    feedback: () => Promise.resolve(),
  };
  const heard = { messages, commands, intake, isDown: false };
  return heard;
}
