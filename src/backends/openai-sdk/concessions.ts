import { APIError } from "openai";
import { wordsOf } from "./failure.ts";

/** Statuses that say "not like this", rather than "not now" or "not you". */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 404, 415, 422, 500, 501]);

/**
 * Sends a request with the optional `parts`; one that the server refuses by name is left out and the request repeated, once per part.
 * `learned` hears of each part without which the request went through.
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
