import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

/** A connection of an agent to the server of a move. */
export interface McpConnection {
  /** In the form of Chat Completions. */
  readonly tools: readonly object[];
  /** The reply's text. */
  call(name: string, args: Record<string, unknown>, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

export async function connectMcp(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<McpConnection> {
  const client = new Client({ name: "test agent", version: "1" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }),
  );
  const { tools } = await client.listTools();
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: inputSchema },
    })),
    async call(name, args, signal) {
      const result = await client.callTool({ name, arguments: args }, { signal });
      return JSON.stringify(result);
    },
    close: () => client.close(),
  };
}
