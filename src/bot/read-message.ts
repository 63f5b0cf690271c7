import { bareCommandIn } from "../commands/parse/bare-command.ts";
import { commandIn } from "../commands/parse/command-words.ts";
import { parseCommand } from "../commands/parse/parse-command.ts";
import type { Question } from "../commands/ports.ts";

/** A message is a request or a command: "!stop", or "stop" and nothing else. */
export type Reading =
  | { readonly kind: "request"; readonly request: Question }
  | { readonly kind: "command"; readonly text: string };

/** Parses a message; "!ask --team duo …" and "!team …" are requests too. */
export function readMessage(message: string): Reading {
  const text = commandIn(message);
  if (text === null) {
    const bare = bareCommandIn(message);
    if (bare !== null) return { kind: "command", text: bare };
    return { kind: "request", request: { text: message, team: null, forceTeam: false } };
  }
  const command = parseCommand(text);
  if (command.name !== "ask") return { kind: "command", text };
  return { kind: "request", request: command };
}

/** What a message tells the running turn: "!steer by bike", or "steer by bike"; null: it is no such message. */
export function steeringIn(message: string): string | null {
  const text = commandIn(message) ?? message.trim();
  if (!/^steer\s+\S/i.test(text) || text.endsWith("?")) return null;
  const command = parseCommand(text);
  return command.name === "steer" ? command.message : null;
}

/** The text of a message for the conversation: a question without its command; undefined for other commands. */
export function conversationText(message: string): string | undefined {
  const reading = readMessage(message);
  if (reading.kind === "request") return reading.request.text;
  return steeringIn(message) ?? undefined;
}
