import { z } from "zod";
import { problemsOfBlocks } from "../blocks/validate.ts";
import { withIds } from "../blocks/stored.ts";
import type { Channel } from "../state/channel.ts";
import type { Message } from "../state/message.ts";
import { STREAMING as open } from "../state/streaming.ts";
import { ApiError, apiErrorWith } from "./api-error.ts";
import { fields, json, text } from "./arguments.ts";
import { threadIn } from "./chat.ts";
import { method, writableChannel, type Caller, type Method } from "./method.ts";

const LONGEST_MARKDOWN = 12_000;
/** Slack closes a stream after so long, whatever is appended. */
const OPEN_FOR_MS = 5 * 60_000;

const piece = z.string().max(LONGEST_MARKDOWN);

export const streamMethods: Readonly<Record<string, Method>> = {
  "chat.startStream": method(
    { scopes: ["chat:write"], tier: 2 },
    {
      channel: z.string(),
      thread_ts: text,
      markdown_text: piece.optional(),
      recipient_user_id: z.string().optional(),
      recipient_team_id: z.string().optional(),
    },
    (caller, args) => {
      const { workspace, install, world, talk } = caller;
      const channel = writableChannel(caller, args.channel);
      if (channel.kind !== "im" && !args.recipient_user_id)
        throw new ApiError("missing_recipient_user_id");
      const message = talk.post(
        { workspace, channel },
        {
          user: install.botUser,
          botId: install.botId,
          appId: world.app.id,
          team: workspace.id,
          text: args.markdown_text ?? "",
          threadTs: threadIn(caller, channel, args.thread_ts),
        },
      );
      open.add(message);
      world.clock.setTimer(OPEN_FOR_MS, () => void open.delete(message));
      return { channel: channel.id, ts: message.ts };
    },
  ),
  "chat.appendStream": method(
    { scopes: ["chat:write"], tier: 4 },
    { channel: z.string(), ts: text, markdown_text: piece },
    (caller, { channel: id, ts, markdown_text: more }) => {
      const { channel, message } = streamOf(caller, id, ts);
      change(caller, channel, message, { text: message.text + more });
      return { channel: channel.id, ts };
    },
  ),
  "chat.stopStream": method(
    { scopes: ["chat:write"], tier: 2 },
    {
      channel: z.string(),
      ts: text,
      markdown_text: piece.optional(),
      blocks: json(z.array(fields)).optional(),
      metadata: json(fields).optional(),
    },
    (caller, { channel: id, ts, markdown_text: more = "", blocks = [], metadata }) => {
      const { channel, message } = streamOf(caller, id, ts);
      const problems = problemsOfBlocks(blocks);
      if (problems.length > 0) throw apiErrorWith("invalid_blocks", problems);
      open.delete(message);
      const said = message.text + more;
      const shown = [{ type: "markdown", text: said || " " }, ...blocks];
      change(caller, channel, message, {
        text: said,
        blocks: withIds(shown, caller.world.nextId),
        ...(metadata && { metadata }),
      });
      return { channel: channel.id, ts };
    },
  ),
};

function streamOf(caller: Caller, id: string, ts: string) {
  const channel = writableChannel(caller, id);
  const message = channel.messages.get(ts);
  if (!message) throw new ApiError("message_not_found");
  if (message.user !== caller.install.botUser) throw new ApiError("message_not_owned_by_app");
  if (!open.has(message)) throw new ApiError("message_not_in_streaming_state");
  return { channel, message };
}

const change = (
  { talk, workspace, install }: Caller,
  channel: Channel,
  message: Message,
  to: Partial<Message>,
): void => talk.edit({ workspace, channel }, message, to, install.botUser);
