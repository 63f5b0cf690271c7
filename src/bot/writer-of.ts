import type { IncomingMessage, Person } from "../platform.ts";
import type { Turn } from "../store/tables/turn.ts";

/** Who wrote a turn's question. A proxy's message belongs to the person who asked. */
export const writerOf = (
  { author }: Pick<IncomingMessage, "author">,
  { person }: Pick<Turn, "person">,
): Person =>
  author.kind === "person"
    ? author
    : { id: person.slice(person.indexOf(":") + 1), name: author.name, kind: "person" };
