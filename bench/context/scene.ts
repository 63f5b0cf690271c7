import { createCalibration } from "../../src/context/calibration.ts";
import { type Prompt } from "../../src/context/build-prompt.ts";
import { type RenderedThread, renderThread } from "../../src/context/render-thread.ts";
import type { Conversation, ConversationMessage } from "../../src/conversation/message.ts";
import type { MoveRequest } from "../../src/coordination/move.ts";
import { Policy } from "../../src/coordination/policy.ts";
import { RevisionId } from "../../src/coordination/turn-event.ts";
import { AgentId } from "../../src/ids.ts";
import type { MoveAgent, MovesOptions } from "../../src/moves/moves-options.ts";
import { finish } from "../../src/slices.ts";
import { buildingPromptOfMove } from "../../src/moves/prompt-of-move.ts";

// The sizes of reference figures: characters of a person's message, of a past answer, of an answer under review.
const PERSON = 120;
const PAST_ANSWER = 800;
const ANSWER = 1500;
const WORDS =
  "the team reads what people wrote in this thread and every agent answers it before others review the plan for release budget colour deadline blue forty metres because nobody objected".split(
    " ",
  );

/** Words by number: the same for the same seed. */
function prose(length: number, seed: number): string {
  let text = `${seed}:`;
  for (let i = seed; text.length < length; i = (i * 31 + 7) % 65_521) {
    text += ` ${WORDS[i % WORDS.length] ?? ""}`;
  }
  return text.slice(0, length);
}

const message = (i: number): ConversationMessage => ({
  id: `${i}`,
  role: i % 2 === 0 ? "user" : "assistant",
  author: i % 2 === 0 ? (["Ada", "Bob", "Cy"][(i / 2) % 3] ?? "Ada") : "Parley",
  text: prose(i % 2 === 0 ? PERSON : PAST_ANSWER, i),
  files: [],
});

/** A thread of `messages` (people and answers in turn) and a request after it. */
export const createThread = (messages: number): Conversation => ({
  history: Array.from({ length: messages }, (_, i) => message(i)),
  request: { ...message(messages * 2), id: "request" },
  complete: true,
  fenceCode: "5d0c93f1",
});

/** The same thread a turn later: the request was answered, and there is a new one. */
export const nextTurn = ({ history, request }: Conversation): Conversation => ({
  history: [...history, request, { ...message(history.length * 2 + 1), text: prose(ANSWER, 7) }],
  request: { ...message((history.length + 2) * 2), id: "next request" },
  complete: true,
  fenceCode: "5d0c93f1",
});

export interface Scene {
  readonly agents: readonly MoveAgent[];
  /** What a turn does once. */
  render(conversation: Conversation): RenderedThread;
  prompt(kind: "answer" | "review", agent: MoveAgent, thread: RenderedThread): Prompt;
}

/** What the agents of a team answered. */
export const answersOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => prose(ANSWER, 100 + i));

/** A team of `count` agents whose models take `contextWindow` tokens; reviews show all their answers. */
export function createScene(count: number, contextWindow: number): Scene {
  const agents = Array.from({ length: count }, (_, i) => agent(i, contextWindow));
  const shown = answersOf(count).map((text, i) => ({
    revision: RevisionId.parse(`agent${i}.1`),
    label: String.fromCharCode(65 + i),
    text,
    own: false,
  }));
  const optionsFor = (conversation: Conversation): MovesOptions => ({
    agents,
    policy: Policy.parse({}),
    conversation,
    inbox: () => [],
    calibration: createCalibration(),
    clock: { now: () => 0, setTimer: () => () => {} },
    signal: new AbortController().signal,
    today: "23 November 2026",
  });
  return {
    agents,
    render: (conversation) => renderThread(conversation, new Map()),
    prompt(kind, reader, thread) {
      const move: MoveRequest = {
        id: `${reader.id}:${kind}:1`,
        agent: reader.id,
        kind,
        shown: kind === "review" ? shown : [],
        mayRevise: kind === "review",
        steering: 0,
      };
      return finish(buildingPromptOfMove(move, reader, thread, optionsFor(thread.conversation)));
    },
  };
}

const agent = (i: number, contextWindow: number): MoveAgent => ({
  id: AgentId.parse(`agent${i}`),
  instructions: prose(300, i),
  // Prompts are built, not sent.
  backend: { kind: "bench", model: `model-${i}`, provider: null, ask: () => nothing() },
  facts: { contextWindow, maxOutputTokens: 16_384 },
  cost: () => null,
});

async function* nothing() {}
