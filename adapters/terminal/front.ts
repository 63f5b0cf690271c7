import type { TextListener } from "../../src/coordination/runner/ports.ts";
import type { TurnEvent } from "../../src/coordination/turn-event.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import type { ConversationId } from "../../src/ids.ts";
import type { Outgoing } from "../../src/platform.ts";
import type { TurnSummary } from "../../src/progress/turn-summary.ts";
import type { MessageRecord } from "../../src/adapter-kit/own-threads/thread-record.ts";
import type { LocalPerson } from "./local-person.ts";

/** The user interface: the chat for a person, or the pipe for a script. */
export interface Front {
  /** Resolves when it reads input. */
  start(person: LocalPerson): Promise<void>;
  /** Stops reading; resolves when all input has been handled. */
  stop(): Promise<void>;
  /** Restores the terminal's state. Idempotent. */
  restore(): void;
  /** Parley posted or edited a message. */
  show(thread: string, content: Outgoing, isNew: boolean): void;
  /** The person wrote in a thread at another terminal. */
  said(thread: string, message: MessageRecord): void;
  notice(text: string): void;
  readonly turnText: TextListener;
  turnEvent(conversation: ConversationId, event: TurnEvent, state: TurnState): void;
  turnDone(conversation: ConversationId, message: string | null, summary: TurnSummary | null): void;
}
