import type { StoredFile } from "../world/message.ts";
import type { World } from "../world/world.ts";

/** A file somebody attaches. */
export interface GivenFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly mediaType?: string;
}

export const storeFiles = (world: World, files: readonly GivenFile[] = []): readonly StoredFile[] =>
  files.map(({ name, content, mediaType = "text/plain; charset=utf-8" }) => ({
    id: world.ids.next(),
    name,
    mediaType,
    bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
    description: null,
  }));
