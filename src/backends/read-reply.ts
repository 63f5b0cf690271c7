import { createParser } from "eventsource-parser";
import { type CallTarget, emptyBody, incompleteReply, refusedCall } from "./provider-failure.ts";
import { readBody } from "./read-body.ts";
import { type ErrorBody, parseErrorText, readErrorBody } from "./refusals/error-body.ts";
import { replyIn } from "./refusals/uniform-error.ts";

/** One JSON value that a server sent. */
export interface Sent {
  /** The event's name; null if it has none. `END` marks the end of the stream. */
  readonly event: string | null;
  /** The parsed data; null if the server only showed that it is alive (a comment, a ping). A plain string in an `error` event. */
  readonly value: unknown;
}

/** An event is larger only if a server misbehaves, in characters. */
const MOST_BUFFERED = 32_000_000;
/** Characters of text outside events that are kept to explain a failure. */
const MOST_STRAY = 2_000;
export const END = "[DONE]";
const ALIVE: Sent = { event: null, value: null };

/** A provider's reply while it arrives. */
export interface ReplyReading {
  /** Resolves to what has come, at least a sign of life; null: that was all. */
  next(): Promise<readonly Sent[] | null>;
  /** Call once no more is needed. `isComplete`: the server has nothing to add. */
  close(isComplete: boolean): void;
}

/**
 * Reads a provider's reply up to `[DONE]` or the end of the body. Expects server-sent events, whatever the content type says. Tolerates servers that
 * send one whole JSON body instead: it becomes one value, or one for each item of an array. `next` throws a `BackendError` if the server reports an
 * error, in whatever form, or sends neither; and what the connection throws.
 */
export function readReply(response: Response, target: CallTarget): ReplyReading {
  if (!response.body) throw incompleteReply(target, "the response has no body");
  const body = readBody(response.body);
  const decoder = new TextDecoder();
  const textOf = (chunks: readonly Uint8Array[] | null): string =>
    chunks?.map((chunk) => decoder.decode(chunk, { stream: true })).join("") ?? decoder.decode();
  const take = createReader(target);
  let came = false;
  let isOver = false;
  let failed: ErrorBody | null = null;
  return {
    async next() {
      while (!isOver && !failed) {
        const chunks = await body.next();
        const text = textOf(chunks);
        const taken = take(text, chunks === null);
        const { before, error } = splitAtError(taken.sent);
        came ||= before.some((one) => one.value !== null);
        isOver = taken.isOver;
        failed = error;
        // Bytes that are no event yet are a sign of life too.
        if (before.length > 0 || text !== "") return orAlive(before);
      }
      if (failed) throw refusedCall(replyIn(failed, response.headers), target);
      if (!came) throw emptyBody(target);
      return null;
    },
    close: (isComplete) => body.close(isComplete || isOver),
  };
}

const orAlive = (sent: readonly Sent[]): readonly Sent[] => (sent.length > 0 ? sent : [ALIVE]);

/** What came before the first error, and the error. */
function splitAtError(sent: readonly Sent[]): {
  readonly before: readonly Sent[];
  readonly error: ErrorBody | null;
} {
  for (const [at, { event, value }] of sent.entries()) {
    const error = typeof value === "string" ? parseErrorText(value) : readErrorBody(value);
    if (error) return { before: sent.slice(0, at), error };
    if (event === "error" && value !== null) {
      return { before: sent.slice(0, at), error: parseErrorText(JSON.stringify(value)) };
    }
  }
  return { before: sent, error: null };
}

interface Taken {
  readonly sent: readonly Sent[];
  readonly isOver: boolean;
}
type Reader = (text: string, isEnd: boolean) => Taken;

/** Decides by the first character: events, or a whole body. */
function createReader(target: CallTarget): Reader {
  let reader: Reader | null = null;
  return (text, isEnd) => {
    const first = reader ? "" : text.trimStart()[0];
    if (!reader && first === undefined && !isEnd) return { sent: [ALIVE], isOver: false };
    reader ??=
      first !== undefined && "{[<".includes(first) ? readWhole(target) : readEvents(target);
    return reader(text, isEnd);
  };
}

function readWhole(target: CallTarget): Reader {
  const pieces: string[] = [];
  let length = 0;
  return (text, isEnd) => {
    pieces.push(text);
    length += text.length;
    if (length > MOST_BUFFERED) throw incompleteReply(target, "the reply is too large");
    return isEnd
      ? { sent: valuesOf(pieces.join("").trim(), target), isOver: true }
      : { sent: [ALIVE], isOver: false };
  };
}

function valuesOf(body: string, target: CallTarget): Sent[] {
  if (body.startsWith("<")) return [{ event: "error", value: body }];
  // Some put the end mark of a stream behind the body.
  const value = parsed(body.trimEnd().replace(/data: ?\[DONE\]$/, ""));
  if (value === undefined) {
    const lines = body.split("\n").filter((line) => line.trim() !== "");
    return lines.map((line) => sentOf(null, valueOf(line, target)));
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.map((one) => sentOf(null, one));
}

function readEvents(target: CallTarget): Reader {
  let sent: Sent[] = [];
  let isOver = false;
  let came = false;
  let stray = "";
  const add = (event: string | null, data: string): void => {
    for (const value of valuesIn(data, target)) {
      if (isOver) return;
      isOver = value === END;
      sent.push(isOver ? { event: END, value: null } : sentOf(event, value));
    }
  };
  const parser = createParser({
    maxBufferSize: MOST_BUFFERED,
    onComment: () => sent.push(ALIVE),
    onEvent({ event = null, data }) {
      came = true;
      if (!isOver) add(event, data);
    },
    onError({ type, field, value, line = "" }) {
      if (type === "max-buffer-size-exceeded")
        throw incompleteReply(target, "an event is too large");
      // Some report an error in a line of its own: `error: {…}`, or bare JSON.
      const isError = field === "error";
      const text = (isError ? value : line) ?? "";
      const isWhole = parsed(text) !== undefined || (isError && !text.startsWith("{"));
      if (isWhole) add(isError ? "error" : null, text);
      else if (stray.length < MOST_STRAY) stray += `${text}\n`;
      sent.push(ALIVE);
    },
  });
  return (text, isEnd) => {
    sent = [];
    // The last event may lack its blank line.
    parser.feed(isEnd ? `${text}\n\n` : text);
    const isStray = stray.trim() !== "" && (!came || readErrorBody(parsed(stray)) !== null);
    if (isEnd && isStray) sent.push({ event: "error", value: stray });
    return { sent, isOver: isOver || isEnd };
  };
}

/** The values of an event. Some servers separate events by one newline, so that several become one. */
function valuesIn(data: string, target: CallTarget): unknown[] {
  const text = data.trim();
  if (text === "" || text === END) return [text];
  const value = parsed(text);
  if (value !== undefined) return [value];
  return text.includes("\n")
    ? text.split("\n").map((line) => valueOf(line, target))
    : [valueOf(text, target)];
}

/** A line of data: JSON, or words. Throws on broken JSON. */
function valueOf(line: string, target: CallTarget): unknown {
  const text = line.trim().replace(/^data: ?/, "");
  const value = parsed(text);
  if (value === undefined && /^[{[](?!DONE)/.test(text)) {
    throw incompleteReply(target, "a part of its stream is not valid JSON");
  }
  return value ?? text;
}

/** Words are data in an error only. Elsewhere they are pings. */
const sentOf = (event: string | null, value: unknown): Sent => ({
  event,
  value: typeof value === "string" && event !== "error" ? null : value,
});

/** Undefined: not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
