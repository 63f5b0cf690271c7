import { Routes } from "discord.js";
import { download, DownloadRefusedError } from "../../../src/adapter-kit/download.ts";
import { checkMediaType } from "../../../src/file-content.ts";
import type { AttachedFile } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import { WithAttachments } from "../wire/answers.ts";
import type { Attachment, Message } from "../wire/message.ts";

/** How Discord's file server answers a link that has expired, and a file that is gone. */
const EXPIRED: ReadonlySet<number> = new Set([401, 403, 404, 410]);

const isExpired = (error: unknown): boolean =>
  error instanceof DownloadRefusedError && EXPIRED.has(error.status);

/** A file of a message. Discord signs its link, which expires: a refused link is asked for again, and no link is stored. */
export const attachedFile = (
  api: Api,
  { id, filename: name, content_type, size: bytes, url }: Attachment,
  message: Pick<Message, "id" | "channel_id">,
): AttachedFile => {
  const mediaType = content_type ?? "application/octet-stream";
  return {
    id,
    name,
    mediaType,
    bytes,
    async load(signal) {
      const get = (link: string) =>
        download(link, { platform: "Discord", maxBytes: bytes, signal });
      const data = await get(url).catch(async (error: unknown) => {
        if (!isExpired(error)) throw error;
        return get(await freshLink(api, message, { id, name, signal }));
      });
      checkMediaType(mediaType, data);
      return data;
    },
  };
};

async function freshLink(
  api: Api,
  { id: message, channel_id: channel }: Pick<Message, "id" | "channel_id">,
  { id, name, signal }: { id: string; name: string; signal: AbortSignal },
): Promise<string> {
  const route = Routes.channelMessage(channel, message);
  const what = "asking for a file's link again";
  const { attachments } = await api.call({ method: "GET", route, what, signal }, WithAttachments);
  const found = attachments.find((attachment) => attachment.id === id);
  if (!found) throw new Error(`${name} is gone: it was removed from its message.`);
  return found.url;
}
