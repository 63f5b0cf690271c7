import { APIError } from "openai";
import { wordsOf } from "./failure.ts";

/** Statuses for an invalid request, rather than for overload or missing access. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 404, 415, 422, 500, 501]);

/**
 * Sends a request with optional `parts`. If the server's error names a part, retries without it, once per part. Calls `learned` with each part that
 * had to be dropped for the request to succeed.
 */
export async function sendConceding<Part extends string, Reply>(
  parts: readonly Part[],
  refusals: Readonly<Record<Part, RegExp>>,
  send: (parts: ReadonlySet<Part>) => Promise<Reply>,
  learned: (part: Part) => void,
): Promise<Reply> {
  const sent = new Set(parts);
  const refused: Part[] = [];
  for (;;) {
    try {
      const reply = await send(sent);
      refused.forEach(learned);
      return reply;
    } catch (error) {
      const part = [...sent].find((one) => isRefused(error, refusals[one]));
      if (part === undefined) throw error;
      sent.delete(part);
      refused.push(part);
    }
  }
}

const isRefused = (error: unknown, words: RegExp): boolean =>
  error instanceof APIError &&
  REFUSALS.has(error.status) &&
  words.test(`${error.param} ${error.code} ${wordsOf(error)}`);
