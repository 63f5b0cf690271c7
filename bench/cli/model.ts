import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { anthropicWire } from "../../test/servers/anthropic-wire.ts";

/** How long the model thinks before its first token. */
export const LATENCY_MS = 100;

const REPLY = {
  text: "It is 42.",
  usage: { input: 100, cached: 0, cacheWritten: 0, output: 10, reasoning: 0 },
};

/** A model server on 127.0.0.1 that answers each request in the words of Anthropic's Messages API. */
export async function startModel() {
  const server = createServer((request, response) => {
    request.resume();
    request.once("end", () => setTimeout(() => answer(response), LATENCY_MS));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("There is no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function answer(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end([...anthropicWire.content(REPLY), ...anthropicWire.finish(REPLY)].join(""));
}
