import { Routes } from "discord.js";
import { z } from "zod";
import type { Api } from "../api/api.ts";
import { Message } from "../wire/message.ts";

/** Most that Discord gives at once. */
const PAGE = 100;

export interface PagesOptions {
  readonly channel: string;
  readonly signal?: AbortSignal | undefined;
}

/** Reads a channel's messages, the latest page first, each page newest first, until there are none or nobody asks for more. */
export async function* pagesBack(
  api: Api,
  { channel, signal }: PagesOptions,
): AsyncGenerator<readonly Message[]> {
  for (let before: string | undefined; ;) {
    const from = before === undefined ? {} : { before };
    const { messages, isLast } = await readPage(api, { channel, signal }, from);
    if (messages.length > 0) yield messages;
    const oldest = messages.at(-1)?.id;
    // A server that does not know `before` would give the same page for ever.
    if (isLast || oldest === undefined || oldest === before) return;
    before = oldest;
  }
}

/** A message that cannot be read is left out; the others are not. */
const Page = z.array(z.unknown()).transform((page) => ({
  messages: page.flatMap((message) => Message.safeParse(message).data ?? []),
  isLast: page.length < PAGE,
}));

function readPage(
  api: Api,
  { channel, signal }: PagesOptions,
  from: Record<string, string>,
): Promise<z.infer<typeof Page>> {
  const route = Routes.channelMessages(channel);
  const query = { limit: PAGE, ...from };
  return api.call({ method: "GET", route, what: "reading a thread", query, signal }, Page);
}
