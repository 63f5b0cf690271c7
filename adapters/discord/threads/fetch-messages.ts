import { Routes } from "discord.js";
import type { Api } from "../api/api.ts";
import { MessagePage, PAGE_SIZE } from "../wire/answers.ts";
import { Message } from "../wire/message.ts";

interface MessageRequest {
  readonly channel: string;
  readonly id: string;
  /** For errors. */
  readonly what?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Fetches one message. Rejects with a `PlatformError`. */
export const fetchMessage = (
  api: Api,
  { channel, id, what = "reading a message", signal }: MessageRequest,
): Promise<Message> =>
  api.call({ method: "GET", route: Routes.channelMessage(channel, id), what, signal }, Message);

interface PagesRequest {
  readonly channel: string;
  readonly signal?: AbortSignal | undefined;
}

/** Reads a channel backwards: the latest page first, each page newest first, until the channel ends or the caller stops. */
export async function* pagesBack(
  api: Api,
  request: PagesRequest,
): AsyncGenerator<readonly Message[]> {
  for (let before: string | undefined; ;) {
    const { messages, isLast } = await fetchPage(api, request, before);
    if (messages.length > 0) yield messages;
    const oldest = messages.at(-1)?.id;
    // A server that ignores `before` would return the same page forever.
    if (isLast || oldest === undefined || oldest === before) return;
    before = oldest;
  }
}

function fetchPage(
  api: Api,
  { channel, signal }: PagesRequest,
  before: string | undefined,
): Promise<MessagePage> {
  const route = Routes.channelMessages(channel);
  const query = { limit: PAGE_SIZE, ...(before !== undefined && { before }) };
  return api.call({ method: "GET", route, what: "reading a thread", query, signal }, MessagePage);
}
