import { resolve } from "node:path";
import { formatBytes } from "../../../src/adapter-kit/own-threads/attachments.ts";
import { privately, refused } from "../../../src/commands/run/compose-reply.ts";
import { code } from "../../../src/text/spelling.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { fromHome } from "../input/dropped-paths.ts";
import type { Room } from "../room.ts";
import { trimEndOf } from "../../../src/text/trim-end-of.ts";

interface AttachPorts {
  readonly room: Pick<Room, "attach" | "attached">;
  /** Where relative paths start. */
  readonly folder: string;
}

/** `/attach`. */
export async function attachFiles(
  { room, folder }: AttachPorts,
  words: readonly string[],
): Promise<CommandReply> {
  for (const path of words) await room.attach(resolve(folder, fromHome(path)));
  const files = room.attached();
  if (files.length === 0)
    return refused("Attach what?", [
      `${code("/attach FILE")} sends a file with your next message; so does ${code("@FILE")} in the message.`,
    ]);
  const list = files.map(({ name, bytes }) => `- ${name} (${formatBytes(bytes)})`);
  return privately("Will be sent with your next message", list);
}

const MOST_MENTIONS = 20;

/**
 * Attaches the files that a message mentions ("@notes.txt") to it, and returns its text, in which absolute paths are shortened to names.
 * A mention of anything but a file is text. Rejects with what is wrong with a file.
 */
export async function attachMentioned(
  text: string,
  { room, folder }: { readonly room: Pick<Room, "attachIfFile">; readonly folder: string },
): Promise<string> {
  const pieces: string[] = [];
  let at = 0;
  let taken = 0;
  for (const mention of text.matchAll(MENTIONS)) {
    const { path, tail } = readMention(mention);
    if (taken >= MOST_MENTIONS) break;
    const file = await room.attachIfFile(resolve(folder, fromHome(path)));
    if (!file) continue;
    taken += 1;
    const isElsewhere = /^[/~]/.test(path);
    const shown = isElsewhere ? `@${file.name}${tail}` : mention[0];
    pieces.push(text.slice(at, mention.index), shown);
    at = mention.index + mention[0].length;
  }
  return pieces.join("") + text.slice(at);
}

const MENTIONS = /(?<=^|\s)@(?:"((?:\\.|[^"\\])+)"|([^\s"]+))/g;

/** The path of a mention. A bare one may end a sentence: `tail` is the punctuation after it. */
function readMention([, quoted, bare = ""]: RegExpMatchArray): {
  readonly path: string;
  readonly tail: string;
} {
  if (quoted !== undefined) return { path: quoted.replace(/\\(.)/g, "$1"), tail: "" };
  const path = trimEndOf(bare, /[.,;:!?)]/);
  return { path, tail: bare.slice(path.length) };
}
