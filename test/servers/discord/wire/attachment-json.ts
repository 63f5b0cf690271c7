import { createHmac } from "node:crypto";
import type { StoredFile } from "../world/message.ts";
import type { World } from "../world/world.ts";
import type { Json } from "./json.ts";

/** Signed addresses die after a day. */
const LIFE_S = 24 * 60 * 60;
const SECRET = "attachments";

/** Where a file lies, without its signature. */
export interface FilePlace {
  readonly channelId: string;
  readonly fileId: string;
  readonly name: string;
}

const pathOf = ({ channelId, fileId, name }: FilePlace): string =>
  `/attachments/${channelId}/${fileId}/${encodeURIComponent(name)}`;

const sign = (place: FilePlace, ex: string, is: string): string =>
  createHmac("sha256", SECRET)
    .update(`${pathOf(place)}?${ex}&${is}`)
    .digest("hex");

/** An address that works for a day, on the same host. */
export function signedUrl(world: Pick<World, "origin" | "time">, place: FilePlace): string {
  const now = Math.floor(world.time.now() / 1_000);
  const [ex, is] = [(now + LIFE_S).toString(16), now.toString(16)];
  return `${world.origin}${pathOf(place)}?ex=${ex}&is=${is}&hm=${sign(place, ex, is)}&`;
}

/** Whether an address was signed here and still holds. */
export function isGoodSignature(
  world: Pick<World, "time">,
  place: FilePlace,
  query: URLSearchParams,
): boolean {
  const [ex, is] = [query.get("ex") ?? "", query.get("is") ?? ""];
  const isCurrent = Number.parseInt(ex, 16) * 1_000 > world.time.now();
  return isCurrent && query.get("hm") === sign(place, ex, is);
}

export interface AttachmentPlace {
  readonly channelId: string;
  /** Of a message, or of a command, that one person alone sees. */
  readonly isEphemeral: boolean;
}

export function attachmentJson(world: World, file: StoredFile, at: AttachmentPlace): Json {
  const url = signedUrl(world, { channelId: at.channelId, fileId: file.id, name: file.name });
  return {
    id: file.id,
    filename: file.name,
    size: file.bytes.byteLength,
    url,
    proxy_url: url,
    content_type: file.mediaType,
    content_scan_version: 0,
    ...(file.description !== null && { description: file.description }),
    ...(at.isEphemeral && { ephemeral: true }),
    ...(file.mediaType.startsWith("image/") && { width: 640, height: 480 }),
  };
}
