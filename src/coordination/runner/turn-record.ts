import { advance } from "../advance.ts";
import type { Told, TurnPorts } from "./ports.ts";
import type { Draft, TurnEvent } from "../turn-event.ts";
import type { TurnState } from "../turn-state.ts";

/** A turn as its journal has it, and as the events will have it that are on their way there, together in one batch. */
export interface TurnRecord {
  /** After all that is durable. */
  readonly state: TurnState;
  /** After the batch as well: what is planned on. */
  readonly ahead: TurnState;
  /** Running ms. */
  now(): number;
  /** Stamps an event and puts it into the batch; nothing outside may follow from it yet. */
  add(draft: Draft): void;
  /** What is to be done as soon as the batch is durable. */
  after(act: () => void): void;
  /** Makes the batch durable; false: it is empty. Rejects as the journal does. */
  write(): Promise<boolean>;
  /** The same with events that close the turn, if people told it no more than it knows of; else puts none of these into the batch and resolves to all they told. */
  close(closing: () => void): Promise<Told | null>;
}

interface Pages {
  state: TurnState;
  ahead: TurnState;
  batch: readonly { readonly event: TurnEvent; readonly state: TurnState }[];
  due: (() => void)[];
}

export function createTurnRecord(
  before: TurnState,
  { clock, journal, onEvent }: Pick<TurnPorts, "clock" | "journal" | "onEvent">,
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
      publish(pages, onEvent);
      return true;
    },
    async close(closing) {
      const { ahead, batch } = pages;
      closing();
      const heard = { messages: ahead.inbox.length, choices: ahead.choices };
      const told = await journal.close(events(), heard);
      if (told) Object.assign(pages, { ahead, batch });
      else publish(pages, onEvent);
      return told;
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
