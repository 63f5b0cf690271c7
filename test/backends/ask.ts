import type {
  Backend,
  BackendError,
  BackendEvent,
  BackendRequest,
  Part,
  ToolSpec,
} from "../../src/backends/backend.ts";
import { expect } from "vitest";

export const voteTool: ToolSpec = {
  name: "vote",
  description: "Score every standing answer.",
  schema: {
    type: "object",
    properties: { reason: { type: "string" } },
    required: ["reason"],
    additionalProperties: false,
  },
};

/** A file of a message. */
export const file = (name: string, mediaType: string, text = "bytes"): Part => ({
  type: "file",
  name,
  mediaType,
  data: new TextEncoder().encode(text),
});

/** A request that says only what the test is about. */
export const request = (fields: Partial<BackendRequest> = {}): BackendRequest => ({
  system: ["You are one of a team."],
  messages: [{ role: "user", parts: [{ type: "text", text: "Ada: what is 6 × 7?" }] }],
  tools: [],
  toolChoice: "auto",
  signal: new AbortController().signal,
  ...fields,
});

/** All events of one call. */
export const ask = (
  backend: Backend,
  fields: Partial<BackendRequest> = {},
): Promise<BackendEvent[]> => Array.fromAsync(backend.ask(request(fields)));

/** How a call failed. */
export const failure = async (
  backend: Backend,
  fields: Partial<BackendRequest> = {},
): Promise<BackendError> =>
  ask(backend, fields).then(
    (events) => expect.fail(`the call ended with ${JSON.stringify(events.at(-1))}`),
    (error: BackendError) => error,
  );

/** The texts of one kind, put together. */
export const said = (events: readonly BackendEvent[], type: "text" | "thinking" = "text"): string =>
  events.map((event) => (event.type === type ? event.text : "")).join("");

export const calls = (events: readonly BackendEvent[]) =>
  events.flatMap((event) =>
    event.type === "tool_call" ? [{ name: event.name, arguments: event.arguments }] : [],
  );
