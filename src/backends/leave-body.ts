/** Most servers end their response right behind the reply, ms. */
const LONGEST_WAIT_MS = 1_000;
/** Bytes. More costs as much as a new connection. */
const MOST_READ = 64 * 1024;

type Body = ReadableStreamDefaultReader<Uint8Array>;

/** Reads on to the end of a body that nobody needs any more, because only then its connection serves the next call. Closes the connection of one that goes on. */
export async function leaveBody(body: Body): Promise<void> {
  const close = (): void => void body.cancel().catch(() => undefined);
  const timer = setTimeout(close, LONGEST_WAIT_MS);
  timer.unref();
  try {
    for (let length = 0; length < MOST_READ;) {
      const { done, value } = await body.read();
      if (done) return;
      length += value.length;
    }
  } catch {
    // The connection broke. Nothing is lost.
  } finally {
    clearTimeout(timer);
    close();
  }
}
