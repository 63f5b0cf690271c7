import type { BackendRequest, PromptMessage } from "../backend.ts";
import type { Statement } from "./thread-facts.ts";

/** An answer of this turn, as the prompt shows it. */
export interface ShownAnswer {
  readonly label: string;
  readonly text: string;
  readonly own: boolean;
}

/** What a prompt says, as far as a simulated model understands it. */
export interface ReadPrompt {
  /** What people wrote, oldest first, the request and what was added to it included. */
  readonly statements: readonly Statement[];
  readonly asker: string;
  readonly request: string;
  /** Parley's own earlier answers in this thread, oldest first. */
  readonly finals: readonly string[];
  readonly shown: readonly ShownAnswer[];
  /** What to do now. */
  readonly task: string;
}

const SAID = /<said>\n(?<author>[^:\n]*): (?<text>[\s\S]*?)\n<\/said>/g;
const ANSWER = /<team-answer(?<attributes>[^>]*)>\n(?<text>[\s\S]*?)\n<\/team-answer>/g;
const ANY_FENCE = /<(?<tag>[a-z]+-?[a-z]*)[^>]*>\n[\s\S]*?\n<\/\k<tag>>/g;
const FILE_NOTE = /^\[file="[^\n]*\]$/gm;

const textOf = (message: PromptMessage): string =>
  message.parts.map((part) => (part.type === "text" ? part.text : "")).join("\n");

const statementsIn = (messages: readonly PromptMessage[]): readonly Statement[] =>
  messages
    .filter(({ role }) => role === "user")
    .flatMap((message) =>
      [...textOf(message).matchAll(SAID)].map(({ groups }) => ({
        author: groups?.["author"] ?? "",
        text: (groups?.["text"] ?? "").replace(FILE_NOTE, "").trim(),
      })),
    );

const answersIn = (text: string): readonly ShownAnswer[] =>
  [...text.matchAll(ANSWER)].map(({ groups }) => {
    const attributes = groups?.["attributes"] ?? "";
    return {
      label: /"(?:Answer )?(?<label>[A-Z]+)"/i.exec(attributes)?.groups?.["label"] ?? "",
      text: groups?.["text"] ?? "",
      own: /\b(own|yours?|you)\b/i.test(attributes),
    };
  });

/** A prompt that is laid out in another way is taken as one message of somebody. */
const unfenced = (text: string): readonly Statement[] => [{ author: "Somebody", text }];

/** Reads a prompt back into its parts: it undoes the layout of `context/`. */
export function readPrompt({ messages }: Pick<BackendRequest, "messages">): ReadPrompt {
  const last = messages.at(-1);
  const lastText = last ? textOf(last) : "";
  const found = statementsIn(messages);
  const statements = found.length > 0 ? found : unfenced(lastText);
  // The request carries the last cache mark; what follows it was added while the turn ran.
  const request = messages.findLastIndex(({ cache }) => cache);
  const current = statementsIn(messages.slice(Math.max(0, request)));
  const asked = current.length > 0 ? current : statements.slice(-1);
  return {
    statements,
    asker: asked.at(-1)?.author ?? "Somebody",
    request: asked.map(({ text }) => text).join("\n"),
    finals: messages.filter(({ role }) => role === "assistant").map(textOf),
    shown: answersIn(lastText),
    task: lastText.replace(ANY_FENCE, "").trim(),
  };
}
