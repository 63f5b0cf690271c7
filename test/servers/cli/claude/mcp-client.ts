import { z } from "zod";
import { parsed } from "./model-call.ts";

export interface McpServer {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const Tool = z.looseObject({ name: z.string(), inputSchema: z.unknown() });
const Listed = z.object({ result: z.object({ tools: z.array(Tool) }) });
const Called = z.object({ result: z.object({ content: z.unknown() }) });

/** The tools of a server, in the form of the Messages API. */
export async function listTools(server: McpServer) {
  const { result } = Listed.parse(await send(server, "tools/list", {}));
  return result.tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: inputSchema,
  }));
}

export async function callTool(
  server: McpServer,
  call: { readonly name: string; readonly arguments: unknown },
  signal: AbortSignal,
): Promise<unknown> {
  return Called.parse(await send(server, "tools/call", call, signal)).result.content;
}

/** One request of MCP 2025-06-18, without a session. */
async function send(
  { url, headers }: McpServer,
  method: string,
  params: object,
  signal?: AbortSignal,
): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-06-18",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    ...(signal && { signal }),
  });
  if (!response.ok) throw new Error(`The MCP server answered ${response.status}.`);
  const body = await response.text();
  return parsed(/^data: (.*)$/m.exec(body)?.[1] ?? body);
}
