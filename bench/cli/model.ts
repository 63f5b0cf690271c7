import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { wires } from "../../test/servers/model-faults.ts";

/** How long the model thinks before its first token. */
export const LATENCY_MS = 100;

const REPLY = {
  text: "It is 42.",
  usage: { input: 100, cached: 0, cacheWritten: 0, output: 10, reasoning: 0 },
};

/** A model server on 127.0.0.1 that answers each request in the words of the API that it is for. */
export async function startModel() {
  const server = createServer((request, response) => {
    request.resume();
    request.once("end", () => setTimeout(() => answer(request.url ?? "", response), LATENCY_MS));
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

function answer(url: string, response: ServerResponse): void {
  const path = url.replace(/\?.*$/, "");
  const wire = Object.values(wires).find((candidate) => candidate.path.test(path));
  if (!wire) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end([...wire.content(REPLY), ...wire.finish(REPLY)].join(""));
}
