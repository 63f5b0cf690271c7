import { z } from "zod";
import { Channel } from "./channel.ts";
import { Attachment, Message } from "./message.ts";

/** What HTTP calls return, as far as it is read. */
export const WithId = z.object({ id: z.string() });

/** The bot's servers. */
export const OwnGuilds = z.array(z.unknown());

/** Number of shards Discord recommends, and how many of them may identify at once. */
export const GatewayBot = z.object({
  shards: z.int().min(1).catch(1),
  session_start_limit: z
    .object({ max_concurrency: z.int().min(1).catch(1) })
    .catch({ max_concurrency: 1 }),
});

/** The active threads of a server. */
export const ActiveThreads = z.object({
  threads: z.array(Channel.extend({ last_message_id: z.string().nullish() })),
});

/** Most messages that Discord returns at once. */
export const PAGE_SIZE = 100;

/** Messages of a channel. A message that cannot be parsed is left out; the others are kept. */
export const MessagePage = z.array(z.unknown()).transform((page) => ({
  messages: page.flatMap((message) => Message.safeParse(message).data ?? []),
  isLast: page.length < PAGE_SIZE,
}));
export type MessagePage = z.infer<typeof MessagePage>;

/** A message's thread. */
export const WithThread = z.object({ thread: WithId.nullish() });

/** A message's files. */
export const WithAttachments = z.object({ attachments: z.array(Attachment) });

/** The response to an interaction. */
export const InteractionResponse = z
  .object({ resource: z.object({ message: z.unknown() }).nullish() })
  .nullish()
  .catch(null);
export type InteractionResponse = z.infer<typeof InteractionResponse>;

/** The application's slash commands. */
export const RegisteredCommands = z.array(z.record(z.string(), z.unknown()));
