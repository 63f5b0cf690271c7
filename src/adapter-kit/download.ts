export interface DownloadOptions {
  /** "Slack", for error texts. */
  readonly platform: string;
  /** A larger file is an error. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Throws where the file must not be fetched from; called for every redirect too. Absent: any host will do. */
  readonly checkUrl?: (url: URL) => void;
  /** Throws if a successful response is not the file. */
  readonly checkResponse?: (response: Response) => void;
}

/** The platform answered with an HTTP status instead of the file. */
export class DownloadRefusedError extends Error {
  override readonly name = "DownloadRefusedError";
  readonly status: number;

  constructor(platform: string, status: number) {
    super(`${platform} does not hand out the file (HTTP ${status}).`);
    this.status = status;
  }
}

const MOST_REDIRECTS = 3;
const TIMEOUT_MS = 60_000;

/** Fetches a file. Rejects with a `DownloadRefusedError`, with what a check throws, or with an `Error` that says what is wrong. */
export async function download(address: string, options: DownloadOptions): Promise<Uint8Array> {
  let url = URL.parse(address);
  for (let redirects = 0; url && redirects <= MOST_REDIRECTS; redirects++) {
    options.checkUrl?.(url);
    const response = await get(url, options);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) {
      return read(response, options);
    }
    await response.body?.cancel();
    url = URL.parse(location, url.href);
  }
  throw new Error(`${options.platform} does not say where the file is.`);
}

const get = (url: URL, { headers = {}, signal }: DownloadOptions): Promise<Response> =>
  fetch(url.href, {
    headers,
    // Each redirect is checked before it is followed.
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });

async function read(response: Response, options: DownloadOptions): Promise<Uint8Array> {
  const { platform, maxBytes, checkResponse } = options;
  try {
    if (!response.ok) throw new DownloadRefusedError(platform, response.status);
    checkResponse?.(response);
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    // Leaving the loop cancels the rest.
    if (size > maxBytes) throw new Error(`The file is larger than ${platform} said.`);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
