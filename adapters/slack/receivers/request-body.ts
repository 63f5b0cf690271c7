import type { IncomingMessage } from "node:http";
import { parse } from "node:querystring";
import { verifySlackRequest } from "@slack/bolt";

/** The whole body; null: it has more than `most` bytes. Rejects when the connection breaks. */
export function readBody(request: IncomingMessage, most: number): Promise<Buffer | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | null>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > most) resolve(null);
    else chunks.push(chunk);
  });
  request.on("end", () => resolve(Buffer.concat(chunks)));
  request.on("close", () =>
    reject(new Error("The connection broke before the request was complete.")),
  );
  request.on("error", reject);
  return promise;
}

/**
 * The status that a request is refused with: Bolt expects an object, and `null`, a list or a plain value would throw where nobody catches it.
 * Null: Bolt may have it, and checks its signature itself.
 */
export function refusalOf(
  { headers }: IncomingMessage,
  body: string,
  signingSecret: string,
): 400 | 401 | null {
  if (holdsObject(headers["content-type"], body)) return null;
  const signature = headers["x-slack-signature"];
  try {
    verifySlackRequest({
      signingSecret,
      body,
      headers: {
        "x-slack-signature": typeof signature === "string" ? signature : "",
        "x-slack-request-timestamp": Number(headers["x-slack-request-timestamp"]),
      },
    });
    return 400;
  } catch {
    return 401;
  }
}

/** A JSON text that begins so is an object, or none at all, which Bolt refuses. */
const BEGINS_OBJECT = /^\s*\{/;

function holdsObject(contentType: string | undefined, body: string): boolean {
  if (contentType !== "application/x-www-form-urlencoded") return BEGINS_OBJECT.test(body);
  const { payload } = parse(body);
  return typeof payload === "string" ? BEGINS_OBJECT.test(payload) : true;
}
