import type { TextDelta } from "../../../src/coordination/runner/ports.ts";
import type { TurnEvent } from "../../../src/coordination/turn-event.ts";
import type { TurnState } from "../../../src/coordination/turn-state.ts";
import { createFullText, type FullText } from "./full-text.ts";

/** What the agents of running turns are writing. */
export interface Streams {
  event(thread: string, event: TurnEvent, state: TurnState): void;
  text(thread: string, agent: string, delta: TextDelta): void;
  /** What each agent of a thread is writing, or the end of it. */
  texts(thread: string): ReadonlyMap<string, string>;
  /** The text that will be the answer, with its writer: a lone agent's, or the presenter's. */
  full(thread: string): { readonly agent: string; readonly text: FullText } | undefined;
  /** The turn has ended. */
  drop(thread: string): void;
}

/** Enough for one line of a board. */
const LONGEST_END = 1_000;

interface Thread {
  readonly texts: Map<string, string>;
  /** Whose text is shown in full. */
  writer: string | undefined;
  full: FullText;
}

export function createStreams(): Streams {
  const threads = new Map<string, Thread>();
  const of = (thread: string): Thread => {
    const known = threads.get(thread) ?? {
      texts: new Map(),
      writer: undefined,
      full: createFullText(),
    };
    threads.set(thread, known);
    return known;
  };
  return {
    event(thread, event, state) {
      if (event.type === "turn_ended") return threads.get(thread)?.texts.clear();
      if (event.type !== "move_started") return;
      const here = of(thread);
      here.texts.delete(event.agent);
      if (!isAnswer(event.kind, state)) return;
      here.writer = event.agent;
      here.full.reset();
    },
    text(thread, agent, { text, reset }) {
      const here = of(thread);
      const before = reset ? "" : (here.texts.get(agent) ?? "");
      const all = before + text;
      // JSON is told by its beginning, so the beginning of a long text does not matter.
      here.texts.set(agent, all.length > 2 * LONGEST_END ? all.slice(-LONGEST_END) : all);
      if (agent !== here.writer) return;
      if (reset) here.full.reset();
      here.full.append(text);
    },
    texts: (thread) => threads.get(thread)?.texts ?? new Map(),
    full(thread) {
      const { writer: agent, full: text } = threads.get(thread) ?? {};
      return agent === undefined || text === undefined ? undefined : { agent, text };
    },
    drop: (thread) => void threads.delete(thread),
  };
}

/** Whether the text of a move will be the answer of its turn. */
const isAnswer = (kind: "answer" | "review" | "present", state: TurnState): boolean =>
  kind === "present" || (kind === "answer" && (state.mode === "solo" || state.agents.length === 1));
