import { z } from "zod";
import { parseForm } from "../forms/parse-form.ts";
import type { Channel } from "../world/channel.ts";
import type { Message } from "../world/message.ts";
import { byAge } from "../world/snowflakes.ts";

const Id = z.string().regex(/^\d{1,20}$/);

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: Id.optional(),
  after: Id.optional(),
  around: Id.optional(),
});

/** A page of a channel, newest first; `before`, `after` and `around` as the documentation has them. */
export function readHistory(channel: Channel, query: URLSearchParams): readonly Message[] {
  const { limit, before, after, around } = parseForm(Page, Object.fromEntries(query));
  const all = [...channel.messages.values()]
    .filter(({ visibleTo }) => visibleTo === null)
    .toSorted((a, b) => byAge(a.id, b.id));
  if (around !== undefined) return pageAround(all, around, limit).toReversed();
  const later = all.filter(({ id }) => after === undefined || byAge(id, after) > 0);
  const page = later.filter(({ id }) => before === undefined || byAge(id, before) < 0);
  const nearest = after === undefined ? page.slice(-limit) : page.slice(0, limit);
  return nearest.toReversed();
}

function pageAround(all: readonly Message[], id: string, limit: number): readonly Message[] {
  const index = all.filter((message) => byAge(message.id, id) < 0).length;
  const first = Math.max(0, index - Math.floor(limit / 2));
  return all.slice(first, first + limit);
}
