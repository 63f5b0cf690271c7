import { Routes } from "discord.js";
import { z } from "zod";
import type { Api } from "../api/api.ts";
import type { GatewayEvent } from "../gateway.ts";
import { Message } from "../wire/message.ts";
import type { Heard } from "./heard.ts";
import type { IntakePorts } from "./intake-ports.ts";
import type { Seen } from "./seen.ts";
import { takeMessage } from "./take-message.ts";
import { tryAgain } from "./try-again.ts";

const Named = z.object({ id: z.string(), channel_id: z.string() });

/** A message of an event; asked for where a server sends only what changed. */
export async function readEvent(api: Api, data: unknown): Promise<Message> {
  const whole = Message.safeParse(data);
  if (whole.success) return whole.data;
  const { id, channel_id: channel } = Named.parse(data);
  const route = Routes.channelMessage(channel, id);
  return api.call({ method: "GET", route, what: "reading a message" }, Message);
}

/** MESSAGE_CREATE, in the order of its channel. */
export const createMessageTaker =
  (ports: IntakePorts & { readonly seen: Seen; readonly heard: Heard }) =>
  async ({ data, shard }: Pick<GatewayEvent, "data" | "shard">): Promise<void> => {
    const message = await readEvent(ports.api, data);
    const self = await ports.identity();
    // Parley's own: a question asked with `/ask` is taken on by the command itself.
    if (message.author.id === self) return ports.heard.note(message, shard);
    await ports.queue.run(message.channel_id, () =>
      tryAgain(ports.clock, () => takeMessage(ports, message)),
    );
    ports.seen.note(message, shard);
    ports.heard.note(message, shard);
  };
