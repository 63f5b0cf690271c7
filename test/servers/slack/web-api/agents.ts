import { z } from "zod";
import type { Channel } from "../state/channel.ts";
import { ApiError } from "./api-error.ts";
import { json, text } from "./arguments.ts";
import { channelOf, method, type Caller, type Method } from "./method.ts";

const place = { channel_id: z.string(), thread_ts: text };

/** An assistant's status fades when nothing is said for so long. */
const FADES_AFTER_MS = 120_000;

export const agentMethods: Readonly<Record<string, Method>> = {
  "agents.sessions.setStatus": method(
    { scopes: ["chat:write"], tier: 3 },
    {
      ...place,
      status: z.enum(["active", "processing", "suspended", "closed"]),
      title: z.string().max(200).optional(),
      initiator_user_id: z.string().optional(),
    },
    (caller, { channel_id: id, thread_ts: thread, status }) => {
      if (caller.world.app.agent !== "agent_view") throw new ApiError("agent_not_enabled");
      const channel = threadOf(caller, id, thread);
      if (status === "processing") channel.native.set(thread, { kind: "session", status });
      else channel.native.delete(thread);
      return { status, agent_status: status };
    },
  ),
  "assistant.threads.setStatus": method(
    { scopes: ["chat:write", "assistant:write"], tier: 3 },
    {
      ...place,
      status: z.string(),
      loading_messages: json(z.array(z.string()).max(10)).optional(),
    },
    (caller, { channel_id: id, thread_ts: thread, status }) => {
      if (caller.world.app.agent === "none") throw new ApiError("assistant_not_enabled");
      const { native } = threadOf(caller, id, thread);
      if (status === "") native.delete(thread);
      else {
        const shown = { kind: "assistant", status } as const;
        native.set(thread, shown);
        caller.world.clock.setTimer(FADES_AFTER_MS, () => {
          if (native.get(thread) === shown) native.delete(thread);
        });
      }
      return {};
    },
  ),
  "assistant.threads.setSuggestedPrompts": method(
    { scopes: ["chat:write", "assistant:write"], tier: 3 },
    {
      channel_id: z.string(),
      thread_ts: text.optional(),
      title: z.string().optional(),
      prompts: json(z.array(z.object({ title: z.string(), message: z.string() })).max(4)),
    },
    (caller, args) => {
      channelOf(caller, args.channel_id);
      return {};
    },
  ),
};

function threadOf(caller: Caller, id: string, thread: string): Channel {
  const channel = channelOf(caller, id);
  if (!channel.members.has(caller.install.botUser)) throw new ApiError("not_in_channel");
  if (!channel.messages.has(thread)) throw new ApiError("thread_not_found");
  return channel;
}
