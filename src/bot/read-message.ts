import { commandIn } from "../commands/command-words.ts";
import { parseCommand } from "../commands/parse-command.ts";
import type { Question } from "../commands/ports.ts";

/** A message is a request, or a command written as one ("!stop"). */
export type Reading =
  | { readonly kind: "request"; readonly request: Question }
  | { readonly kind: "command"; readonly text: string };

/** Reads a message as people write it: "!ask --team duo …" and "!team …" are requests too. */
export function readMessage(message: string): Reading {
  const text = commandIn(message);
  if (text === null) {
    return { kind: "request", request: { text: message, team: null, forceTeam: false } };
  }
  const command = parseCommand(text);
  if (command.name !== "ask") return { kind: "command", text };
  return { kind: "request", request: command };
}

/** What a message says to the conversation: a question without its command, nothing for any other command. */
export function conversationText(message: string): string | undefined {
  const reading = readMessage(message);
  return reading.kind === "request" ? reading.request.text : undefined;
}
