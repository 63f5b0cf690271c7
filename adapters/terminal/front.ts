import type { TurnEvent } from "../../src/coordination/turn-event.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import type { ConversationId } from "../../src/ids.ts";
import type { Outgoing } from "../../src/platform.ts";
import type { TurnSummary } from "../../src/progress/turn-summary.ts";
import type { LocalPerson } from "./local-person.ts";

/** What shows the threads to a person or a script, and takes what they write. */
export interface Front {
  /** Resolves when input is read. */
  start(person: LocalPerson): Promise<void>;
  /** Reads no more; resolves when nothing that was read is still being handed on. */
  stop(): Promise<void>;
  /** Gives the terminal back as it was. Safe at any time, and twice. */
  restore(): void;
  /** A message of Parley's stands in a thread, new or edited. */
  show(thread: string, content: Outgoing, isNew: boolean): void;
  notice(text: string): void;
  turnEvent(conversation: ConversationId, event: TurnEvent, state: TurnState): void;
  turnDone(conversation: ConversationId, message: string | null, summary: TurnSummary | null): void;
}
