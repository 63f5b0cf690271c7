import { TurnId } from "../../src/ids.ts";
import type { AttachedFile, Person, ThreadMessage } from "../../src/platform.ts";

export const person = (name: string, id = name.toLowerCase()): Person => ({
  id,
  name,
  kind: "person",
});
export const parley: Person = { id: "self", name: "Parley", kind: "self" };
export const ada = person("Ada");
export const bob = person("Bob");

/** Messages of a thread, one a second apart unless `at` says otherwise. */
export function createThread() {
  let seconds = 0;
  const add = (
    author: Person,
    text: string,
    extra: Partial<ThreadMessage> = {},
  ): ThreadMessage => ({
    id: `m${(seconds += 1)}`,
    author,
    text,
    files: [],
    at: seconds * 1000,
    ...extra,
  });
  return {
    says: add,
    own: (kind: "status" | "final" | "note", text: string, turn = "t1", chunk = 0) =>
      add(parley, text, { mark: { turn: TurnId.parse(turn), kind, chunk } }),
  };
}

export function textFile(name: string, content: string, mediaType = "text/plain"): AttachedFile {
  const data = new TextEncoder().encode(content);
  return { id: name, name, mediaType, bytes: data.length, load: () => Promise.resolve(data) };
}
