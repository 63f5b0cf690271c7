import { Routes } from "discord.js";
import { z } from "zod";
import type { AttachedFile } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import { Attachment, type Message } from "../wire/message.ts";
import { download, ExpiredLinkError } from "./download.ts";

const Attached = z.object({ attachments: z.array(Attachment) });

/**
 * A file of a message. Its link is signed and dies: it is used as it came with the message, and asked for anew when it is refused; it is
 * never stored.
 */
export const attachedFile = (
  api: Api,
  { id, filename, content_type: mediaType, size, url }: Attachment,
  message: Pick<Message, "id" | "channel_id">,
): AttachedFile => ({
  id,
  name: filename,
  mediaType: mediaType ?? "application/octet-stream",
  bytes: size,
  async load(signal) {
    try {
      return await download(url, { name: filename, bytes: size, signal });
    } catch (error) {
      if (!(error instanceof ExpiredLinkError)) throw error;
      const fresh = await freshLink(api, message, { id, name: filename, signal });
      return download(fresh, { name: filename, bytes: size, signal });
    }
  },
});

async function freshLink(
  api: Api,
  { id: message, channel_id: channel }: Pick<Message, "id" | "channel_id">,
  { id, name, signal }: { id: string; name: string; signal: AbortSignal },
): Promise<string> {
  const route = Routes.channelMessage(channel, message);
  const what = "asking for a file's link anew";
  const { attachments } = await api.call({ method: "GET", route, what, signal }, Attached);
  const found = attachments.find((attachment) => attachment.id === id);
  if (!found) throw new Error(`${name} is gone: it was removed from its message.`);
  return found.url;
}
