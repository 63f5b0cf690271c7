import { z } from "zod";
import { parseForm } from "../forms/parse-form.ts";
import type { Route } from "../rest/call.ts";
import { type FilePlace, isGoodSignature, signedUrl } from "../wire/attachment-json.ts";
import type { StoredFile } from "../world/message.ts";
import type { World } from "../world/world.ts";

const PATH = /^\/attachments\/(\d+)\/(\d+)\/([^/]+)$/;

function placeOf(path: string): FilePlace | undefined {
  const [, channelId, fileId, name] = PATH.exec(path) ?? [];
  if (channelId === undefined || fileId === undefined || name === undefined) return undefined;
  return { channelId, fileId, name: decodeURIComponent(name) };
}

/** The file behind an address; undefined: the signature is wrong or has run out, or the message is gone. */
export function fileAt(world: World, url: URL): StoredFile | undefined {
  const place = placeOf(url.pathname);
  if (!place || !isGoodSignature(world, place, url.searchParams)) return undefined;
  const messages = world.channels.get(place.channelId)?.messages.values() ?? [];
  const posted = [...messages].flatMap(({ files }) => files);
  return posted.find(({ id }) => id === place.fileId) ?? world.uploads.get(place.fileId);
}

const Refresh = z.looseObject({ attachment_urls: z.array(z.string()).min(1).max(50) });

export function attachmentEndpoints(world: World): readonly Route[] {
  return [
    {
      pattern: "POST /attachments/refresh-urls",
      run(call) {
        const { attachment_urls: urls } = parseForm(Refresh, call.body);
        return {
          refreshed_urls: urls.map((original) => {
            const place = placeOf(new URL(original).pathname);
            return { original, refreshed: place ? signedUrl(world, place) : null };
          }),
        };
      },
    },
  ];
}
