import type { CommandReply } from "./reply.ts";
import type { ConversationId, TurnId } from "./ids.ts";
import type { FinalView } from "./progress/final-view.ts";
import type { StatusView } from "./progress/status-view.ts";

/** Somebody who writes in a conversation. */
export interface Person {
  /** The platform's own id, unique within the platform. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** `self` is Parley; other bots are `bot`, and count as users for the models. */
  readonly kind: "person" | "bot" | "self";
}

/** Levels of the shared commands, each with the rights of those before it. `admin` is one workspace's, `installation` whoever runs Parley. */
export type Level = "everyone" | "operator" | "admin" | "installation";

/** What a person may do, as far as the platform and the configuration say. */
export interface Rights {
  readonly level: Level;
  /** Ids of the user groups or roles that the person has, which access lists can name. */
  readonly groups: readonly string[];
}

/** A file of a message; its bytes are fetched when a model needs them. */
export interface AttachedFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Throws when the file is gone or larger than it said. */
  load(signal: AbortSignal): Promise<Uint8Array>;
}

/** What Parley's own messages carry on the platform itself (Slack metadata, a Discord button's custom_id), so that they can be told apart without our store. */
export interface DeliveryMark {
  readonly turn: TurnId;
  readonly kind: "status" | "final" | "note";
  /** 0-based part of a split answer; 0 for the rest. */
  readonly chunk: number;
}

export const sameMark = (a: DeliveryMark | undefined, b: DeliveryMark): boolean =>
  a?.turn === b.turn && a.kind === b.kind && a.chunk === b.chunk;

/** One message of a thread, as its platform shows it now. */
export interface ThreadMessage {
  /** Unique in its conversation. */
  readonly id: string;
  readonly author: Person;
  /** Markdown; Parley's own mention removed, other mentions as @Name. */
  readonly text: string;
  readonly files: readonly AttachedFile[];
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** On Parley's own messages. */
  readonly mark?: DeliveryMark;
  /** On messages of people, where the platform can tell it afterwards: how it reaches Parley. */
  readonly addressed?: Addressed;
}

/** A message that may be for Parley. */
export interface IncomingMessage extends ThreadMessage {
  readonly conversation: ConversationId;
  readonly addressed: Addressed;
  /** The author's level, as the platform and the configuration have it. */
  readonly level: Level;
  /** It stands in a thread whose first message another process may have in hand, or have lost: that one is looked for before. */
  readonly mayOvertake?: boolean;
  /** Ids of the user groups or roles that the author has on the platform; absent: it has no such thing. */
  readonly groups?: readonly string[];
}

/**
 * How a message reaches Parley: by name; in private; as a reply in a thread, or as a message of a channel, that names nobody (whether
 * those are answered is up to the channel's mode); or plainly meant for somebody else.
 */
export type Addressed = "mention" | "direct" | "thread" | "channel" | "none";

/** A thread's messages, oldest first. */
export interface ThreadHistory {
  readonly messages: readonly ThreadMessage[];
  /** False: the platform would not give all of it, and the model is told so. */
  readonly complete: boolean;
}

/** A command or a button. */
export interface IncomingCommand {
  readonly conversation: ConversationId;
  /** Unique per platform event: claimed, so that a redelivery does nothing. */
  readonly eventId: string;
  readonly person: Person;
  readonly level: Level;
  readonly groups?: readonly string[];
  /** Without the prefix: "team use council --here". Buttons send the same words. */
  readonly text: string;
  /** What a command without a scope is about, where it was given outside a thread; absent: the thread. */
  readonly scope?: "channel" | "space";
}

/** 👍 or 👎 on a final answer. */
export interface IncomingFeedback {
  readonly conversation: ConversationId;
  readonly eventId: string;
  readonly turn: TurnId;
  readonly person: Person;
  readonly verdict: "up" | "down";
}

/** What a platform hands its events to. Each resolves when the event is stored, so that the platform may be told so; it rejects when it could not be. */
export interface Intake {
  message(message: IncomingMessage): Promise<void>;
  /** An edit of an earlier message; `eventId` is unique per edit. */
  edited(message: IncomingMessage, eventId: string): Promise<void>;
  deleted(conversation: ConversationId, messageId: string, eventId: string): Promise<void>;
  /** The reply is rendered by the adapter, to the asker alone where `visibleTo` says so. */
  command(command: IncomingCommand): Promise<CommandReply>;
  /** A person's latest verdict on an answer counts. */
  feedback(feedback: IncomingFeedback): Promise<void>;
}

/** What the platform can take, as data. */
export interface Capabilities {
  /** Longest text of one message, in UTF-16 code units; longer finals are split. */
  readonly maxTextLength: number;
  /** Left free in a final's last part for what the adapter writes under the answer, in UTF-16 code units; 0: it stands elsewhere. */
  readonly footerRoom: number;
  /** Most parts of a split final; longer ones become `answer.md` with a summary. */
  readonly maxParts: number;
  /** Shortest time between two edits of one message, ms. */
  readonly minEditIntervalMs: number;
}

/** What Parley posts. */
export type Outgoing =
  | { readonly kind: "status"; readonly view: StatusView }
  | {
      readonly kind: "final";
      readonly view: FinalView;
      /** This part's Markdown. */
      readonly text: string;
      readonly chunk: number;
      readonly chunks: number;
      /** The whole answer, when it is too long for parts. */
      readonly file?: { readonly name: string; readonly text: string };
    }
  /** A line for people: "queued", "all agents failed: …". */
  | {
      readonly kind: "note";
      readonly text: string;
      /** Whom alone it concerns: nobody else sees it, where the platform can do that. */
      readonly only?: Person;
    };

export interface PostedMessage {
  readonly conversation: ConversationId;
  readonly id: string;
}

/**
 * What an adapter implements. `post`, `edit`, `find` and `history` reject with a `PlatformError`; `start` resolves when events flow and
 * rejects with what to do about it (a bad token, a missing scope); `stop` takes no new events and resolves when none is being handled.
 */
export interface Platform {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** How old a message may be that is still answered though no event told of it, ms; absent or 0: none is. */
  readonly freshMs?: number;
  start(intake: Intake): Promise<void>;
  stop(): Promise<void>;
  /** Whether events reach Parley at this moment: false before `start`, after `stop`, and while a lost connection is on its way back. */
  isConnected(): boolean;
  /**
   * Reads a thread; nothing else comes of it. `first`: the message whose turn is the conversation's first. Only where that message opens
   * the thread, and has only just been written, may a platform go by what it has seen itself instead of looking.
   */
  history(
    conversation: ConversationId,
    signal: AbortSignal,
    first?: string,
  ): Promise<ThreadHistory>;
  /** Whether it serves, or anyone may have it serve, more than one workspace. Absent: it never does. */
  isMany?(): boolean;
  post(conversation: ConversationId, content: Outgoing, mark: DeliveryMark): Promise<PostedMessage>;
  edit(message: PostedMessage, content: Outgoing): Promise<void>;
  /** Looks for a message that may have been posted; undefined: it surely was not. */
  find(conversation: ConversationId, mark: DeliveryMark): Promise<PostedMessage | undefined>;
}

/** A failed call to a platform. */
export class PlatformError extends Error {
  override readonly name = "PlatformError";
  /** `unknown`: it may have happened; look it up before repeating. */
  readonly outcome: "rejected" | "rate_limited" | "unknown" | "gone";
  readonly retryAfterMs: number | undefined;

  constructor(
    outcome: PlatformError["outcome"],
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.outcome = outcome;
    this.retryAfterMs = options.retryAfterMs;
  }
}
