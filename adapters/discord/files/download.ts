/** The link of a file has died, or the file with it. */
export class ExpiredLinkError extends Error {
  override readonly name = "ExpiredLinkError";
}

const EXPIRED: ReadonlySet<number> = new Set([401, 403, 404, 410]);
const TIMEOUT_MS = 30_000;

export interface Download {
  readonly name: string;
  /** What the file said it has; more is not read. */
  readonly bytes: number;
  readonly signal: AbortSignal;
}

/** Fetches a file. Rejects when it is larger than it said, with an `ExpiredLinkError` when the link is refused, or with the signal's reason. */
export async function download(
  url: string,
  { name, bytes, signal }: Download,
): Promise<Uint8Array> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(url, { signal: both });
  if (EXPIRED.has(response.status))
    throw new ExpiredLinkError(`The link of ${name} has expired (status ${response.status}).`);
  if (!response.ok || !response.body)
    throw new Error(`${name} could not be fetched: status ${response.status}.`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.byteLength;
    if (length > bytes) throw new Error(`${name} is larger than it said: it is not read.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
