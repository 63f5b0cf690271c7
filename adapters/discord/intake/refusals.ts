import { Routes } from "discord.js";
import { z } from "zod";
import { type Api, NO_ANSWER } from "../api/api.ts";
import { codeOf, CODES } from "../api/errors.ts";
import { formatMissing, missingPermissions, type Spot } from "../guilds/permissions.ts";
import type { Guilds } from "../guilds/guilds.ts";
import type { Message } from "../wire/message.ts";

/** Somebody whose question cannot be answered where they asked it. */
export type Asking = Pick<Message, "id" | "channel_id" | "author">;

export interface TellPorts {
  readonly api: Api;
  readonly guilds: Pick<Guilds, "permissionsIn" | "channel">;
}

/** What Parley lacks in a channel, in words for people; undefined: nothing, as far as it is known. */
export function whatIsMissing(
  { guilds }: Pick<TellPorts, "guilds">,
  channel: string,
  spot: Spot,
): string | undefined {
  const permissions = guilds.permissionsIn(channel);
  const missing = permissions === undefined ? [] : missingPermissions(permissions, spot);
  return missing.length > 0 ? formatMissing(missing, `<#${channel}>`) : undefined;
}

const REFUSALS: ReadonlySet<number | undefined> = new Set([
  CODES.missingAccess,
  CODES.missingPermissions,
  CODES.locked,
  CODES.tooManyThreads,
]);

/** Whether a failure is one that people can mend, and that trying again cannot. */
export const isRefusal = (error: unknown): boolean => REFUSALS.has(codeOf(error));

/** Whether Parley may not write there, as Discord itself says: who may write may be seen typing. */
export async function isShutOut(
  { api }: Pick<TellPorts, "api">,
  channel: string,
): Promise<boolean> {
  const call = { method: "POST", route: Routes.channelTyping(channel), what: "typing" } as const;
  return api.call(call, NO_ANSWER).then(() => false, isRefusal);
}

/** What a refused call to open a thread lacked, where the connection has not heard of it yet. */
const LIKELY: Readonly<Record<number, string>> = {
  [CODES.missingAccess]: "View Channel",
  [CODES.missingPermissions]: "Create Public Threads",
};

/** The refusal of a thread in words, the permission by its name. */
export function formatRefusal(
  ports: Pick<TellPorts, "guilds">,
  error: unknown,
  { channel_id: channel }: Pick<Asking, "channel_id">,
): string {
  const missing = whatIsMissing(ports, channel, "new thread");
  if (missing !== undefined) return missing;
  const likely = LIKELY[codeOf(error) ?? 0];
  if (likely !== undefined) return formatMissing([likely], `<#${channel}>`);
  return error instanceof Error ? error.message : String(error);
}

/** Answers a message with a line where it stands, else in a direct message. Rejects when neither is possible. */
export async function tell({ api }: TellPorts, asking: Asking, text: string): Promise<void> {
  const { id, channel_id: channel, author } = asking;
  const allowed = { allowed_mentions: { parse: [] } };
  const reply = { content: text, message_reference: { message_id: id }, ...allowed };
  const what = "saying why there is no answer";
  try {
    const route = Routes.channelMessages(channel);
    await api.call({ method: "POST", route, what, body: reply }, NO_ANSWER);
  } catch {
    const direct = await api.call(
      { method: "POST", route: Routes.userChannels(), what, body: { recipient_id: author.id } },
      z.object({ id: z.string() }),
    );
    const route = Routes.channelMessages(direct.id);
    const body = { content: text, ...allowed };
    await api.call({ method: "POST", route, what, body }, NO_ANSWER);
  }
}
