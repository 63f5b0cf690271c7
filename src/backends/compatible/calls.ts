import { z } from "zod";
import type { BackendEvent } from "../backend.ts";

const text = z.string().catch("");

/** Text in pieces; some servers send a whole object instead. */
const Arguments = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value)),
]);

/** A piece of a tool call. */
export const ToolCallDelta = z.object({
  /** −1 if the server does not number calls. */
  index: z.number().catch(-1),
  id: text,
  function: z
    .object({ name: text, arguments: Arguments.catch("") })
    .catch({ name: "", arguments: "" }),
});
export type ToolCallDelta = z.infer<typeof ToolCallDelta>;

interface GrowingCall {
  readonly index: number;
  readonly id: string;
  name: string;
  arguments: string;
}

type ToolCall = Extract<BackendEvent, { type: "tool_call" }>;

export interface CallCollector {
  add(delta: ToolCallDelta): void;
  /** The calls in order. A call without arguments has `{}`. */
  all(): readonly ToolCall[];
}

/** Assembles tool calls from their pieces, whether a server numbers them, uses ids, or neither. */
export function createCallCollector(): CallCollector {
  const growing: GrowingCall[] = [];

  /** The call that a piece continues; undefined if it starts a new one. */
  function continued({ index, id, function: piece }: ToolCallDelta): GrowingCall | undefined {
    const last = growing.findLast((call) => call.index === index);
    // Some servers number every call 0, or none, and start each with its name.
    const isAnother = id === "" ? index === -1 || isComplete(last?.arguments) : id !== last?.id;
    return piece.name !== "" && isAnother ? undefined : last;
  }

  return {
    add(delta: ToolCallDelta): void {
      const { name, arguments: args } = delta.function;
      const call = continued(delta);
      if (call) {
        call.name ||= name;
        call.arguments += args;
      } else growing.push({ index: delta.index, id: delta.id, name, arguments: args });
    },
    all: () =>
      growing
        .filter((call) => call.name !== "")
        .map((call) => ({
          type: "tool_call",
          name: call.name,
          arguments: call.arguments || "{}",
        })),
  };
}

const isComplete = (json = ""): boolean => {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
};
