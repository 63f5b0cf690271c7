import type { McpConnection } from "./mcp-client.ts";

/** A session of the agent in the tests. */
export interface Session {
  readonly id: string;
  readonly system: string;
  readonly mcp: McpConnection | null;
  history: readonly object[];
  stop: AbortController;
}

/** Refuses a request. */
export class Refusal extends Error {
  readonly error: { code: number; message: string; data?: unknown };
  constructor(code: number, message: string) {
    super(message);
    this.error = { code, message };
  }
}

export const send = (message: object): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

const asked = new Map<number, (result: unknown) => void>();

/** Asks Parley. */
export const request = (method: string, params: object): Promise<unknown> => {
  const id = 9000 + asked.size;
  send({ id, method, params });
  return new Promise((resolve) => asked.set(id, resolve));
};

/** Parley has answered. */
export const answered = (id: number, result: unknown): void => asked.get(id)?.(result);

export const update = (sessionId: string, fields: object): void =>
  send({ method: "session/update", params: { sessionId, update: fields } });

export const say = (sessionId: string, text: string, kind = "agent_message_chunk"): void =>
  update(sessionId, { sessionUpdate: kind, content: { type: "text", text } });

export const OPTIONS = [
  { optionId: "yes-always", kind: "allow_always", name: "Always" },
  { optionId: "yes-once", kind: "allow_once", name: "Once" },
  { optionId: "no", kind: "reject_once", name: "No" },
];

/** A block of a prompt, in the words of Chat Completions. */
export const asContent = (block: Record<string, unknown>): object =>
  block["type"] === "image"
    ? {
        type: "image_url",
        image_url: { url: `data:${String(block["mimeType"])};base64,${String(block["data"])}` },
      }
    : block;
