import {
  createMcpHandler,
  McpServer,
  type StandardSchemaWithJSON,
} from "@modelcontextprotocol/server";
import type { ToolSpec } from "../../backend.ts";
import { MOVE_SERVER, type MoveCall } from "./move-call.ts";
import type { AnswerRequest } from "./web-request.ts";

/** Takes the calls of a move. Resolves when the agent may have its reply. */
export interface CallRecorder {
  record(call: MoveCall): Promise<"first" | "later">;
}

/** Answers the MCP requests of one move. */
export interface McpAnswer {
  readonly fetch: AnswerRequest;
  /** Ends what is open. */
  close(): void;
}

/** Bytes. Longer requests are refused with 413: an answer is far shorter. */
const MOST_BODY = 4_000_000;

const REPLIES = {
  first: "Recorded. You are done: write nothing more.",
  later: "Not recorded: your first call counts. You are done: write nothing more.",
} as const;

/** An MCP server with the tools of one move. What a model writes is not checked: Parley reads more than the schema allows. */
export function createMcpAnswer(tools: readonly ToolSpec[], recorder: CallRecorder): McpAnswer {
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: MOVE_SERVER, version: "1" });
      for (const { name, description, schema } of tools) {
        const inputSchema = unchecked(schema);
        server.registerTool(name, { description, inputSchema }, async (input) => {
          const reply = await recorder.record({ name, arguments: JSON.stringify(input) });
          return { content: [{ type: "text", text: REPLIES[reply] }] };
        });
      }
      return server;
    },
    { maxRequestBodySize: MOST_BODY },
  );
  return {
    fetch: (request) => handler.fetch(request),
    close: () => void handler.close().catch(() => undefined),
  };
}

/** A schema that agents are told, and that takes anything. */
const unchecked = (schema: ToolSpec["schema"]): StandardSchemaWithJSON => ({
  "~standard": {
    version: 1,
    vendor: "parley",
    validate: (value) => ({ value }),
    jsonSchema: { input: () => ({ ...schema }), output: () => ({ ...schema }) },
  },
});
