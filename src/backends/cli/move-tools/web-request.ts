import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

export type AnswerRequest = (request: Request) => Promise<Response>;

/** Answers a request of Node's server with a handler of web requests. Never rejects. A client that leaves aborts the request's signal. */
export async function answerWith(
  request: IncomingMessage,
  response: ServerResponse,
  answer: AnswerRequest,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    const answered = await answer(asWebRequest(request, gone.signal));
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    for await (const chunk of answered.body ?? []) {
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  } catch {
    response.destroy();
  }
}

function asWebRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const { method = "GET", url = "/", headers } = request;
  const hasBody = method !== "GET" && method !== "HEAD";
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return new Request(`http://${headers.host}${url}`, {
    method,
    headers: pairs,
    signal,
    ...(hasBody && { body: Readable.toWeb(request), duplex: "half" as const }),
  });
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    response.once("drain", resolve);
    response.once("close", resolve);
  });
