import type { BackendRequest, PromptMessage } from "../backend.ts";
import type { MoveKind } from "../../coordination/turn-event.ts";
import { fencesIn, withoutFences } from "./read-fences.ts";
import type { Statement } from "./thread-facts.ts";

/** An answer of this turn, as shown in the prompt. */
export interface ShownAnswer {
  readonly label: string;
  readonly text: string;
}

/** The parts of a prompt that a simulated model uses. */
export interface ReadPrompt {
  /** People's messages, oldest first, including the request and added messages. */
  readonly statements: readonly Statement[];
  readonly asker: string;
  readonly request: string;
  /** Parley's own earlier answers in this thread, oldest first. */
  readonly finals: readonly string[];
  readonly shown: readonly ShownAnswer[];
  readonly kind: MoveKind;
  /** True if a new answer is allowed. */
  readonly mayRevise: boolean;
  /** True if it asks for an answer's claim line, or for answers that come to the same. */
  readonly namesResults: boolean;
}

// The maximum length of a message to parse: a demo need not read more.
const MOST_CHARACTERS = 4000;
const FILE_NOTE = /^\[file="[^\n]*\]$/gm;

const textOf = (message: PromptMessage): string =>
  message.parts.map((part) => (part.type === "text" ? part.text : "")).join("\n");

const statementsIn = (messages: readonly PromptMessage[]): readonly Statement[] =>
  messages
    .filter(({ role }) => role === "user")
    .flatMap((message) =>
      fencesIn(textOf(message), ["said"]).flatMap(({ text }) => {
        const [, author, words = ""] = /^([^:\n]*): ([^]*)$/.exec(text) ?? [];
        const said = words.replace(FILE_NOTE, "").trim().slice(0, MOST_CHARACTERS);
        return author === undefined ? [] : [{ author, text: said }];
      }),
    );

const answersIn = (text: string): readonly ShownAnswer[] =>
  fencesIn(text, ["team-answer"]).map((fence) => ({
    label: /"(?:Answer )?([A-Z]+)"/i.exec(fence.attributes)?.[1] ?? "",
    text: fence.text,
  }));

/** Treats a prompt with another layout as a single message. */
const unfenced = (message: PromptMessage | undefined): readonly Statement[] => [
  { author: "Somebody", text: message ? textOf(message).slice(0, MOST_CHARACTERS) : "" },
];

/** Parses a prompt: reverses the layout of `context/` and recognises the texts of `moves/`. */
export function readPrompt({
  messages,
  tools = [],
}: Pick<BackendRequest, "messages"> & Partial<Pick<BackendRequest, "tools">>): ReadPrompt {
  const found = statementsIn(messages);
  const statements = found.length > 0 ? found : unfenced(messages.at(-1));
  // The request carries the last cache mark; what follows it was added while the turn ran.
  const marked = messages.findLastIndex(({ cache }) => cache);
  const request =
    marked >= 0 ? marked : messages.findLastIndex((m) => fencesIn(textOf(m), ["said"]).length > 0);
  const current = messages.slice(Math.max(0, request));
  const said = statementsIn(current);
  const asked = said.length > 0 ? said : statements.slice(-1);
  const rest = current.map(textOf).join("\n\n");
  const task = withoutFences(rest);
  const shown = answersIn(rest);
  return {
    statements,
    asker: asked.at(-1)?.author ?? "",
    request: asked.map(({ text }) => text).join("\n"),
    finals: messages.filter(({ role }) => role === "assistant").map(textOf),
    shown,
    kind: kindOf(shown, task),
    mayRevise: task.includes("new_answer") && !/no new answers/i.test(task),
    namesResults: /\bthe word Claim\b/.test(task) || JSON.stringify(tools).includes('"same_as"'),
  };
}

function kindOf(shown: readonly ShownAnswer[], task: string): MoveKind {
  if (shown.length === 0) return "answer";
  return /\bvote\b/.test(task) ? "review" : "present";
}
