const COLON = 0x3a;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const EMPTY_EVENT = new TextEncoder().encode("data: {}\n\n");

/**
 * A `fetch` that turns SSE comments into empty events. SDKs drop comments, but they are the only sign of life while a model thinks
 * (https://openrouter.ai/docs/api-reference/streaming: ": OPENROUTER PROCESSING").
 */
export async function fetchShowingComments(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await fetch(input, init);
  const isStream = response.headers.get("content-type")?.includes("text/event-stream");
  return isStream && response.body
    ? new Response(response.body.pipeThrough(showComments()), response)
    : response;
}

function showComments(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let betweenEvents = true;
  let inLine = false;
  const read = (byte: number): boolean => {
    if (byte === RETURN) return false;
    const startsComment = byte === COLON && betweenEvents && !inLine;
    betweenEvents = byte === NEWLINE && !inLine;
    inLine = byte !== NEWLINE;
    return startsComment;
  };
  return new TransformStream({
    transform(chunk, controller) {
      let sent = 0;
      for (const [at, byte] of chunk.entries()) {
        if (!read(byte)) continue;
        controller.enqueue(chunk.subarray(sent, at));
        controller.enqueue(EMPTY_EVENT);
        sent = at;
      }
      controller.enqueue(chunk.subarray(sent));
    },
  });
}
