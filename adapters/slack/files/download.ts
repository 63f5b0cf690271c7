/** Where files may be fetched from with the bot token. */
export interface FileHosts {
  allows(url: URL): boolean;
}

export interface DownloadOptions {
  readonly token: string;
  readonly hosts: FileHosts;
  /** More is an error. */
  readonly maxBytes: number;
  /** Whether the file is a web page itself. */
  readonly isHtml: boolean;
  readonly signal: AbortSignal;
}

const SLACKS = /^(?:[a-z0-9-]+\.)*slack\.com$/;
const MOST_REDIRECTS = 3;
const TIMEOUT_MS = 60_000;

/** Slack's own hosts over TLS, the host of the API (it gets the token anyway), and those that the settings name. */
export function createFileHosts(apiUrl: string, named: readonly string[]): FileHosts {
  const others = new Set([new URL(apiUrl).host, ...named]);
  return {
    allows: (url) =>
      (url.protocol === "https:" && url.port === "" && SLACKS.test(url.hostname)) ||
      (/^https?:$/.test(url.protocol) && (others.has(url.host) || others.has(url.hostname))),
  };
}

/** Fetches a file. The token goes to allowed hosts only, redirects included. Throws what to do about it. */
export async function download(address: string, options: DownloadOptions): Promise<Uint8Array> {
  let url = URL.parse(address);
  for (let redirects = 0; url && redirects <= MOST_REDIRECTS; redirects++) {
    const response = await get(url, options);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) {
      return read(response, options);
    }
    await response.body?.cancel();
    url = URL.parse(location, url.href);
  }
  throw new Error("Slack does not say where the file is.");
}

function get(url: URL, { hosts, token, signal }: DownloadOptions): Promise<Response> {
  if (!hosts.allows(url)) {
    throw new Error(
      `The file is kept at ${url.host}, which is not Slack: it is not fetched from there.`,
    );
  }
  return fetch(url.href, {
    headers: { authorization: `Bearer ${token}` },
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
}

async function read(response: Response, options: DownloadOptions): Promise<Uint8Array> {
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`Slack does not hand out the file (HTTP ${response.status}).`);
  }
  // Without files:read, and with a bad token, Slack answers 200 with its login page.
  if (/^text\/html/i.test(response.headers.get("content-type") ?? "") && !options.isHtml) {
    await response.body?.cancel();
    throw new Error(
      "Slack shows its login page instead of the file: the app lacks the scope files:read, or is not in the file's channel.",
    );
  }
  return collect(response, options.maxBytes);
}

async function collect(response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    // Leaving the loop cancels the rest.
    if (size > maxBytes) throw new Error("The file is larger than Slack said.");
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
