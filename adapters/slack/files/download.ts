import { checkMediaType, isWebPage, sniffMediaType } from "../../../src/file-content.ts";
import { SettingsError } from "../../../src/settings.ts";

/** Where files may be fetched from with the bot token. */
export interface FileHosts {
  allows(url: URL): boolean;
}

export interface DownloadOptions {
  readonly token: string;
  readonly hosts: FileHosts;
  /** What Slack says of the file. */
  readonly mediaType: string;
  readonly size: number | undefined;
  /** More is an error. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

const SLACKS = /^(?:[a-z0-9-]+\.)*slack(?:-gov)?\.com$/;
const MOST_REDIRECTS = 3;
const TIMEOUT_MS = 60_000;

/**
 * Slack's own hosts by https at the default port, the origin of the API (it gets the token anyway), and those that the settings name, each
 * at its exact port. Throws a `SettingsError` when one of these cannot be read.
 */
export function createFileHosts(apiUrl: string, named: readonly string[]): FileHosts {
  const api = new URL(apiUrl).origin;
  const origins = new Set([api, ...named.flatMap(originsOf)]);
  return {
    allows: (url) =>
      url.username === "" &&
      url.password === "" &&
      ((url.protocol === "https:" && url.port === "" && SLACKS.test(url.hostname)) ||
        origins.has(url.origin)),
  };
}

/** "files.test" is reached by https alone, "files.test:8080" by http too, "http://files.test:8080" as it says. */
function originsOf(entry: string): readonly string[] {
  const [, scheme, host = ""] = /^(?:(https?):\/\/)?([^/?#@\\*]+)\/?$/i.exec(entry) ?? [];
  const hasPort = /:\d+$/.test(host);
  const schemes = scheme === undefined && hasPort ? ["https", "http"] : [scheme ?? "https"];
  const urls = schemes.map((each) => URL.parse(`${each}://${host}`));
  return urls.map((url) => {
    if (host !== "" && url) return url.origin;
    throw new SettingsError(
      `SLACK_FILE_HOSTS must list hosts, such as files.example.com or 127.0.0.1:8080, not ${JSON.stringify(entry)}`,
    );
  });
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
  const { mediaType, maxBytes } = options;
  if (isWebPage(response.headers.get("content-type") ?? "") && !isWebPage(mediaType)) {
    await response.body?.cancel();
    throw loginPage();
  }
  const data = await collect(response, maxBytes);
  if (isLoginPage(data, options)) throw loginPage();
  checkMediaType(mediaType, data);
  return data;
}

// Without files:read, and with a bad token, Slack answers 200 with its login page.
const loginPage = () =>
  new Error(
    "Slack shows its login page instead of the file: the app lacks the scope files:read, or is not in the file's channel.",
  );

/** A page that comes under another type. A text file may hold one: then it has the size that Slack names. */
const isLoginPage = (data: Uint8Array, { mediaType, size }: DownloadOptions): boolean =>
  !isWebPage(mediaType) &&
  sniffMediaType(data) === "text/html" &&
  !(mediaType.startsWith("text/") && data.byteLength === size);

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
