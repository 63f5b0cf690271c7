import { present, type Fields } from "./fields.ts";

/** What the host does when the app asks for a file with its token. */
export type FileBehaviour = "plain" | "redirect" | "redirect-away" | "login-page" | "gone";

export interface FileRecord {
  readonly id: string;
  readonly team: string;
  readonly user: string;
  name: string;
  title: string;
  readonly mimetype: string;
  bytes: Uint8Array;
  readonly behaviour: FileBehaviour;
  /** What Slack says of its size; the true one unless a test lies. */
  readonly claimedBytes: number | undefined;
  /** In shared channels messages carry its id alone. */
  readonly isBare: boolean;
  readonly isExternal: boolean;
  isComplete: boolean;
}

export interface FileOptions {
  readonly name: string;
  readonly mimetype?: string;
  readonly bytes: Uint8Array | string;
  readonly behaviour?: FileBehaviour;
  readonly claimedBytes?: number;
  readonly isBare?: boolean;
  readonly isExternal?: boolean;
}

export const createFile = (
  id: string,
  owner: { readonly team: string; readonly user: string },
  options: FileOptions,
): FileRecord => ({
  id,
  ...owner,
  name: options.name,
  title: options.name,
  mimetype: options.mimetype ?? "text/plain",
  bytes:
    typeof options.bytes === "string" ? new TextEncoder().encode(options.bytes) : options.bytes,
  behaviour: options.behaviour ?? "plain",
  claimedBytes: options.claimedBytes,
  isBare: options.isBare ?? false,
  isExternal: options.isExternal ?? false,
  isComplete: true,
});

/** As messages and `files.info` carry it. */
export function wireFile(file: FileRecord, origin: string, full: boolean): Fields {
  if (file.isBare && !full) return { id: file.id, file_access: "check_file_info" };
  const base = `${origin}/files-pri/${file.team}-${file.id}`;
  const name = encodeURIComponent(file.name);
  return present({
    id: file.id,
    created: 1767224888,
    timestamp: 1767224888,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.name.split(".").at(-1),
    pretty_type: file.mimetype,
    user: file.user,
    user_team: file.team,
    editable: false,
    size: file.claimedBytes ?? file.bytes.byteLength,
    mode: file.isExternal ? "external" : "hosted",
    is_external: file.isExternal,
    external_type: file.isExternal ? "gdrive" : "",
    is_public: true,
    url_private: `${base}/${name}`,
    url_private_download: file.isExternal ? undefined : `${base}/download/${name}`,
    media_display_type: "unknown",
    permalink: `${origin}/files/${file.user}/${file.id}/${name}`,
    has_rich_preview: false,
    file_access: "visible",
  });
}
