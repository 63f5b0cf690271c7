import { download } from "../../../src/adapter-kit/download.ts";
import { checkMediaType, isWebPage, sniffMediaType } from "../../../src/file-content.ts";
import type { AttachedFile } from "../../../src/platform.ts";
import { SettingsError } from "../../../src/settings.ts";
import type { SlackFile } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";

/** Where files may be fetched from with the bot token. */
export interface FileHosts {
  allows(url: URL): boolean;
}

const SLACK_HOST = /^(?:[a-z0-9-]+\.)*slack(?:-gov)?\.com$/;

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
      ((url.protocol === "https:" && url.port === "" && SLACK_HOST.test(url.hostname)) ||
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

/** The limit for a file whose size Slack does not say. */
const MOST_BYTES = 20_000_000;

/** Neither deleted nor hidden by the workspace's plan. */
const isThere = ({ mode, file_access: access }: SlackFile): boolean =>
  mode !== "tombstone" &&
  mode !== "hidden_by_limit" &&
  access !== "access_denied" &&
  access !== "file_not_found";

/** The files of a message that are still there. */
export function attachedFiles(
  files: readonly SlackFile[],
  { token }: Pick<Workspace, "token">,
  hosts: FileHosts,
): readonly AttachedFile[] {
  return files.filter(isThere).map((file) => {
    const mediaType = file.mimetype ?? "application/octet-stream";
    return {
      id: file.id,
      name: file.name ?? file.title ?? file.id,
      mediaType,
      bytes: file.size ?? 0,
      async load(signal) {
        const address = file.url_private_download ?? file.url_private;
        if (file.is_external || file.mode === "external" || address === undefined) {
          throw new Error("The file is kept outside Slack.");
        }
        const { size } = file;
        const maxBytes = size ?? MOST_BYTES;
        return downloadFile(address, { token, hosts, mediaType, size, maxBytes, signal });
      },
    };
  });
}

export interface FileDownload {
  readonly token: string;
  readonly hosts: FileHosts;
  /** What Slack says of the file. */
  readonly mediaType: string;
  readonly size: number | undefined;
  /** A larger file is an error. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Fetches a file. The token goes to allowed hosts only, redirects included. Throws what to do about it. */
export async function downloadFile(address: string, file: FileDownload): Promise<Uint8Array> {
  const { token, hosts, mediaType, maxBytes, signal } = file;
  const data = await download(address, {
    platform: "Slack",
    maxBytes,
    signal,
    headers: { authorization: `Bearer ${token}` },
    checkUrl(url) {
      if (hosts.allows(url)) return;
      throw new Error(
        `The file is kept at ${url.host}, which is not Slack, so Parley does not download it.`,
      );
    },
    checkResponse({ headers }) {
      if (isWebPage(headers.get("content-type") ?? "") && !isWebPage(mediaType)) throw loginPage();
    },
  });
  if (isLoginPage(data, file)) throw loginPage();
  checkMediaType(mediaType, data);
  return data;
}

// Without files:read, and with a bad token, Slack answers 200 with its login page.
const loginPage = () =>
  new Error(
    "Slack shows its login page instead of the file: the app lacks the scope files:read, or is not in the file's channel.",
  );

/** A page under another type. A text file may hold a page: then it has the size that Slack names. */
const isLoginPage = (data: Uint8Array, { mediaType, size }: FileDownload): boolean =>
  !isWebPage(mediaType) &&
  sniffMediaType(data) === "text/html" &&
  !(mediaType.startsWith("text/") && data.byteLength === size);
