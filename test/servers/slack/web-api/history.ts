import { z } from "zod";
import { repliesOf, scopeOf, type Channel } from "../state/channel.ts";
import type { Fields } from "../state/fields.ts";
import { isReply, type Message } from "../state/message.ts";
import { wireMessage } from "../state/wire-message.ts";
import { ApiError } from "./api-error.ts";
import { count, flag, text } from "./arguments.ts";
import { channelOf, method, requireScope, type Caller, type Method } from "./method.ts";
import { pageOf, type Page } from "./pages.ts";

const HISTORY_SCOPES = ["channels:history", "groups:history", "im:history", "mpim:history"];

const range = {
  channel: z.string(),
  cursor: z.string().optional(),
  limit: count.optional(),
  oldest: text.optional(),
  latest: text.optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
};
type Range = z.infer<z.ZodObject<typeof range>>;

export const historyMethods: Readonly<Record<string, Method>> = {
  "conversations.replies": method(
    { scopes: HISTORY_SCOPES, tier: 3 },
    { ...range, ts: text },
    (caller, args) => {
      const channel = readableChannel(caller, args.channel);
      const root = channel.messages.get(args.ts);
      if (!root) throw new ApiError("thread_not_found");
      const replies = isReply(root) ? [] : repliesOf(channel, root.ts).filter(within(args));
      // The root comes first, on every page, whatever the range.
      const page = pageIn(caller, replies, args);
      const wire = [root, ...page.items].map(wiredIn(caller, channel, args));
      return answer(wire, page);
    },
  ),
  "conversations.history": method({ scopes: HISTORY_SCOPES, tier: 3 }, range, (caller, args) => {
    const channel = readableChannel(caller, args.channel);
    const top = [...channel.messages.values()]
      .filter((message) => !isReply(message) || message.subtype === "thread_broadcast")
      .filter(within(args))
      .toReversed();
    const page = pageIn(caller, top, args);
    return { ...answer(page.items.map(wiredIn(caller, channel, args)), page), pin_count: 0 };
  }),
};

/** History takes the scope of the channel's kind, and membership where it is private. */
function readableChannel(caller: Caller, id: string): Channel {
  const channel = channelOf(caller, id);
  requireScope(caller, [scopeOf(channel, "history")]);
  if (!channel.members.has(caller.install.botUser)) throw new ApiError("not_in_channel");
  return channel;
}

/** Both ends are open, unless `inclusive`. */
const within =
  ({ oldest = "0", latest = "9999999999999.999999", inclusive = false }: Range) =>
  ({ ts }: Message): boolean => {
    const at = Number(ts);
    const [from, to] = [Number(oldest), Number(latest)];
    return inclusive ? at >= from && at <= to : at > from && at < to;
  };

function pageIn(
  { historyPage }: Caller,
  messages: readonly Message[],
  { limit, cursor }: Range,
): Page<Message> {
  // Apps under the limits of 2025 get 15, whatever they ask for.
  const most = historyPage === undefined ? limit : Math.min(limit ?? historyPage, historyPage);
  return pageOf(messages, { limit: most, cursor, usual: historyPage ?? 1000, most: 1000 });
}

const wiredIn =
  ({ world, workspace }: Caller, channel: Channel, { include_all_metadata: all = false }: Range) =>
  (message: Message): Fields =>
    wireMessage(message, { workspace, channel, origin: world.origin(), withMetadata: all });

const answer = (messages: readonly Fields[], { hasMore, meta }: Page<Message>): Fields => ({
  messages,
  has_more: hasMore,
  ...(hasMore && { response_metadata: meta }),
});
