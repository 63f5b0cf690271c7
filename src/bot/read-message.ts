import { commandIn } from "../commands/parse/command-words.ts";
import { parseCommand } from "../commands/parse/parse-command.ts";
import type { Question } from "../commands/ports.ts";

/** A message is a request or a command ("!stop"). */
export type Reading =
  | { readonly kind: "request"; readonly request: Question }
  | { readonly kind: "command"; readonly text: string };

/** Parses a message; "!ask --team duo …" and "!team …" are requests too. */
export function readMessage(message: string): Reading {
  const text = commandIn(message);
  if (text === null) {
    return { kind: "request", request: { text: message, team: null, forceTeam: false } };
  }
  const command = parseCommand(text);
  if (command.name !== "ask") return { kind: "command", text };
  return { kind: "request", request: command };
}

/** The text of a message for the conversation: a question without its command; undefined for other commands. */
export function conversationText(message: string): string | undefined {
  const reading = readMessage(message);
  return reading.kind === "request" ? reading.request.text : undefined;
}
