import type { AttachedFile } from "../../../src/platform.ts";
import type { SlackFile } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";
import { download, type FileHosts } from "./download.ts";

/** A file whose size is not known may have this much. */
const MOST_BYTES = 20_000_000;

/** Neither deleted nor hidden by the workspace's plan. */
const isThere = ({ mode, file_access: access }: SlackFile): boolean =>
  mode !== "tombstone" &&
  mode !== "hidden_by_limit" &&
  access !== "access_denied" &&
  access !== "file_not_found";

/** A file of a message, if it is still there. */
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
        return download(address, { token, hosts, mediaType, size, maxBytes, signal });
      },
    };
  });
}
