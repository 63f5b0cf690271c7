import type { CommandReply } from "./reply.ts";
import type { ConversationId, TurnId } from "./ids.ts";
import type { FinalView } from "./progress/final-view.ts";
import type { Verdict } from "./progress/rating-words.ts";
import type { StatusView } from "./progress/status-view.ts";
import type { Spell } from "./text/spelling.ts";

/** Somebody who writes in a conversation. */
export interface Person {
  /** The platform's own id, unique within the platform. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** `self` is Parley; other bots are `bot`, and count as users for the models. */
  readonly kind: "person" | "bot" | "self";
}

/** Levels of the shared commands; each includes the rights of those before it. `admin`: of one workspace; `installation`: of all of Parley. */
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

/** Identifies Parley's own messages on the platform itself (Slack metadata, a Discord button's custom_id), without the store. */
export interface DeliveryMark {
  readonly turn: TurnId;
  readonly kind: "status" | "final" | "note";
  /** 0-based part of a split answer; 0 for the rest. */
  readonly chunk: number;
}

export const sameMark = (a: DeliveryMark | undefined, b: DeliveryMark): boolean =>
  a?.turn === b.turn && a.kind === b.kind && a.chunk === b.chunk;

/** A message of a thread, as its platform shows it now. */
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
  /** How a person's message addresses Parley, if history shows it. */
  readonly addressed?: Addressed;
}

/** A message that may be for Parley. */
export interface IncomingMessage extends ThreadMessage {
  readonly conversation: ConversationId;
  readonly addressed: Addressed;
  /** The author's level. */
  readonly level: Level;
  /** The thread's first message may not have been accepted yet: another process may be handling it, or lost it. The intake looks for it first. */
  readonly mayOvertake?: boolean;
  /** Ids of the user groups or roles that the author has on the platform; absent: it has no such thing. */
  readonly groups?: readonly string[];
}

/**
 * How a message addresses Parley: it mentions Parley; it is a direct message; it mentions nobody, in a thread or in a channel (the listening
 * mode decides whether Parley answers); or it addresses somebody else.
 */
export type Addressed = "mention" | "direct" | "thread" | "channel" | "none";

/** A thread's messages, oldest first. */
export interface ThreadHistory {
  readonly messages: readonly ThreadMessage[];
  /** False: the platform did not return all messages; the prompt says so. */
  readonly complete: boolean;
}

/** A command or a button. */
export interface IncomingCommand {
  readonly conversation: ConversationId;
  /** Unique per platform event: the idempotency key. */
  readonly eventId: string;
  readonly person: Person;
  readonly level: Level;
  readonly groups?: readonly string[];
  /** Without the prefix: "team use council --here". Buttons send the same words. */
  readonly text: string;
  /** The default scope, if the command was given outside a thread; absent: the thread. */
  readonly scope?: "channel" | "space";
}

/** 👍 or 👎 on a final answer. */
export interface IncomingFeedback {
  readonly conversation: ConversationId;
  readonly eventId: string;
  readonly turn: TurnId;
  readonly person: Person;
  readonly verdict: Verdict;
  /** What was wrong, in the person's words; absent: not said. */
  readonly reason?: string | undefined;
}

/** What became of a rating. `repeated`: it was delivered before; `unknown`: no such turn is in that conversation. */
export type Rated =
  | { readonly outcome: "taken"; readonly before: Verdict | null }
  | { readonly outcome: "repeated" | "unknown" };

/** Accepts a platform's events. Each method resolves when the event is stored, so that it can be acknowledged, and rejects when it could not be stored. */
export interface Intake {
  message(message: IncomingMessage): Promise<void>;
  /** An edit of an earlier message; `eventId` is unique per edit. */
  edited(message: IncomingMessage, eventId: string): Promise<void>;
  deleted(conversation: ConversationId, messageId: string, eventId: string): Promise<void>;
  /** A proxy has posted a person's message anew, under another id and name, and deleted the original. */
  replaced(originalId: string, message: IncomingMessage): Promise<void>;
  /** The adapter renders the reply; `visibleTo` says for whom. */
  command(command: IncomingCommand): Promise<CommandReply>;
  /** Claims an event that the adapter carries out itself; false: it was claimed before, so this is a redelivery. */
  claim(conversation: ConversationId, eventId: string): Promise<boolean>;
  /** Only a person's latest verdict on an answer counts. */
  feedback(feedback: IncomingFeedback): Promise<Rated>;
}

/** The platform's limits. */
export interface Capabilities {
  /** Longest text of one message, in UTF-16 code units; longer finals are split. */
  readonly maxTextLength: number;
  /** The length of a Markdown text as the platform's adapter posts it, in UTF-16 code units; absent: its own length. */
  readonly lengthOf?: (markdown: string) => number;
  /** Room in a final's last part for the adapter's footer, in UTF-16 code units; 0: the footer is elsewhere. */
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
      /** The whole answer, if it is too long for parts. */
      readonly file?: { readonly name: string; readonly text: string };
    }
  /** A short text: "queued", "all agents failed: …". */
  | {
      readonly kind: "note";
      readonly text: string;
      /** The only person who should see it, if the platform supports that. */
      readonly only?: Person;
      /** Others may read it where the platform cannot show it to that person alone in the thread. */
      readonly mayBePublic?: true;
      /** The turn that failed: the note offers to ask again. */
      readonly failed?: TurnId;
    };

export interface PostedMessage {
  readonly conversation: ConversationId;
  readonly id: string;
}

/**
 * What an adapter implements. `post`, `edit`, `find` and `history` reject with a `PlatformError`. `start` resolves when events arrive; its
 * errors say what to do (a bad token, a missing scope). `stop` accepts no new events and resolves when all have been handled.
 */
export interface Platform {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** How commands are written where a conversation is read; `isOutside`: beside its thread. Absent: as messages that begin with "!". */
  spell?(conversation: ConversationId, isOutside: boolean): Spell;
  /** Maximum age of a missed message that is still answered, ms; absent or 0: missed messages are not answered. */
  readonly freshMs?: number;
  start(intake: Intake): Promise<void>;
  stop(): Promise<void>;
  /** Whether events arrive: false before `start`, after `stop`, and during a reconnect. */
  isConnected(): boolean;
  /**
   * Reads a thread, without side effects. `first`: the message of the conversation's first turn. If that message has just opened the thread,
   * the adapter may answer from the events it received instead of calling the platform.
   */
  history(
    conversation: ConversationId,
    signal: AbortSignal,
    first?: string,
  ): Promise<ThreadHistory>;
  /** Whether it serves several workspaces, or anyone may install it in another one. Absent: never. */
  isMany?(): boolean;
  /** `signal`: a message that is not sent by then is not wanted any more. */
  post(
    conversation: ConversationId,
    content: Outgoing,
    mark: DeliveryMark,
    signal?: AbortSignal,
  ): Promise<PostedMessage>;
  edit(message: PostedMessage, content: Outgoing): Promise<void>;
  /** Looks for a message that may have been posted; undefined: it was not. */
  find(conversation: ConversationId, mark: DeliveryMark): Promise<PostedMessage | undefined>;
}

/** A failed call to a platform. */
export class PlatformError extends Error {
  override readonly name = "PlatformError";
  /** `unknown`: it may have happened; look it up before repeating. */
  readonly outcome: "rejected" | "rate_limited" | "unknown" | "gone";
  readonly retryAfterMs: number | undefined;
  /** What failed: the message; its file, without which it may do; or all that Parley might post in that place. */
  readonly about: "message" | "file" | "place";

  constructor(
    outcome: PlatformError["outcome"],
    message: string,
    options: {
      cause?: unknown;
      retryAfterMs?: number | undefined;
      about?: PlatformError["about"];
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.outcome = outcome;
    this.retryAfterMs = options.retryAfterMs;
    this.about = options.about ?? "message";
  }
}

/** The failure of a message that may do without its file. */
export const aboutFile = ({
  outcome,
  message,
  cause,
  retryAfterMs,
}: PlatformError): PlatformError =>
  new PlatformError(outcome, message, { cause, retryAfterMs, about: "file" });
