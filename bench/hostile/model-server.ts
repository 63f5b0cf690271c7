import { createServer } from "node:http";
import { chatWire } from "../../test/servers/chat-wire.ts";
import { listen } from "../../test/servers/slack/listen.ts";

const USAGE = { input: 90, cached: 0, cacheWritten: 0, output: 60, reasoning: 0 };

/** Speaks Chat Completions: a question that holds "hostile-7" gets the seventh text. `url` is a `base_url`. */
export async function createHostileModel(texts: readonly string[]) {
  const server = await listen(
    createServer((request, response) => {
      void Array.fromAsync<Buffer>(request).then((chunks) => {
        const asked = Buffer.concat(chunks).toString();
        const [, at] = [...asked.matchAll(/hostile-(\d+)/g)].at(-1) ?? [];
        const reply = { text: texts[Number(at)] ?? "", usage: USAGE };
        response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
        response.end([...chatWire.content(reply), ...chatWire.finish(reply)].join(""));
      });
    }),
  );
  return { url: `${server.url}/v1`, stop: () => server.close() };
}
