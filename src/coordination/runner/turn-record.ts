import { advance } from "../advance.ts";
import type { PeopleInput, TurnPorts } from "./ports.ts";
import type { Draft, TurnEvent } from "../turn-event.ts";
import type { TurnState } from "../turn-state.ts";

/** The state of a turn as journaled, and the state including the batch that is not yet written. */
export interface TurnRecord {
  /** After every durable event. */
  readonly state: TurnState;
  /** After the batch too; plans are made on this state. */
  readonly ahead: TurnState;
  /** Running ms. */
  now(): number;
  /** Stamps an event and adds it to the batch. Nothing outside may act on it yet. */
  add(draft: Draft): void;
  /** Calls `act` as soon as the batch is durable. */
  after(act: () => void): void;
  /** Makes the batch durable; false: it is empty. Rejects as the journal does. */
  write(): Promise<boolean>;
  /** Writes the batch together with the events that close the turn. If people have added something it does not know of, it drops the closing events and resolves to everything they added. */
  close(closing: () => void): Promise<PeopleInput | null>;
}

interface Pages {
  state: TurnState;
  ahead: TurnState;
  batch: readonly { readonly event: TurnEvent; readonly state: TurnState }[];
  due: (() => void)[];
}

export function createTurnRecord(
  before: TurnState,
  { clock, journal, gate, onEvent }: Pick<TurnPorts, "clock" | "journal" | "gate" | "onEvent">,
): TurnRecord {
  const startedAt = clock.now() - before.now;
  const pages: Pages = { state: before, ahead: before, batch: [], due: [] };
  const events = () => pages.batch.map(({ event }) => event);
  const now = () => Math.max(pages.ahead.now, clock.now() - startedAt);
  return {
    get state() {
      return pages.state;
    },
    get ahead() {
      return pages.ahead;
    },
    now,
    add(draft) {
      const event: TurnEvent = { ...draft, at: now() };
      pages.ahead = advance(pages.ahead, event);
      pages.batch = [...pages.batch, { event, state: pages.ahead }];
    },
    after: (act) => void pages.due.push(act),
    async write() {
      if (pages.batch.length === 0) return false;
      await journal.append(events());
      await gate();
      publish(pages, onEvent);
      return true;
    },
    async close(closing) {
      const { ahead, batch } = pages;
      closing();
      const known = { messages: ahead.inbox.length, choices: ahead.choices };
      const input = await journal.close(events(), known);
      if (input) {
        Object.assign(pages, { ahead, batch });
        return input;
      }
      await gate();
      publish(pages, onEvent);
      return null;
    },
  };
}

/** The batch is durable. */
function publish(pages: Pages, onEvent: TurnPorts["onEvent"]): void {
  const { batch } = pages;
  pages.batch = [];
  for (const { event, state } of batch) {
    pages.state = state;
    onEvent(event, state);
  }
  for (const act of pages.due.splice(0)) act();
}
