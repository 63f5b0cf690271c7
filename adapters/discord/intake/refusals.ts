import { Routes } from "discord.js";
import { type Api, NO_ANSWER } from "../api/api.ts";
import { codeOf, CODES } from "../api/errors.ts";
import type { Guilds } from "../guilds/guilds.ts";
import { type Destination, formatMissing, missingPermissions } from "../guilds/permissions.ts";
import { WithId } from "../wire/answers.ts";
import type { Message } from "../wire/message.ts";

type Permissions = Pick<Guilds, "permissionsIn">;

/** Says which permissions Parley lacks in a channel; undefined: none, or they are unknown. */
export function describeMissing(
  guilds: Permissions,
  channel: string,
  destination: Destination,
): string | undefined {
  const permissions = guilds.permissionsIn(channel);
  const missing = permissions === undefined ? [] : missingPermissions(permissions, destination);
  return missing.length > 0 ? formatMissing(missing, `<#${channel}>`) : undefined;
}

const REFUSALS: ReadonlySet<number | undefined> = new Set([
  CODES.missingAccess,
  CODES.missingPermissions,
  CODES.locked,
  CODES.tooManyThreads,
]);

/** Whether people must change something on the server first, so that retrying is useless. */
export const isRefusal = (error: unknown): boolean => REFUSALS.has(codeOf(error));

/** Asks Discord whether Parley may post in a channel: the typing indicator needs the same permission. */
export async function cannotPost(api: Api, channel: string): Promise<boolean> {
  const call = { method: "POST", route: Routes.channelTyping(channel), what: "typing" } as const;
  return api.call(call, NO_ANSWER).then(() => false, isRefusal);
}

/** The permission that a refused call to open a thread most likely lacked. */
const LIKELY_MISSING: Readonly<Record<number, string>> = {
  [CODES.missingAccess]: "View Channel",
  [CODES.missingPermissions]: "Create Public Threads",
};

/** Says why no thread could be opened in a channel. */
export function formatRefusal(guilds: Permissions, error: unknown, channel: string): string {
  const missing = describeMissing(guilds, channel, "new thread");
  if (missing !== undefined) return missing;
  const likely = LIKELY_MISSING[codeOf(error) ?? 0];
  if (likely !== undefined) return formatMissing([likely], `<#${channel}>`);
  return error instanceof Error ? error.message : String(error);
}

/** Replies to a message in its channel, or else in a direct message. Rejects when neither is possible. */
export async function notifyRefusal(
  api: Api,
  { id, channel_id: channel, author }: Pick<Message, "id" | "channel_id" | "author">,
  text: string,
): Promise<void> {
  const body = { content: text, allowed_mentions: { parse: [] } };
  const what = "saying why there is no answer";
  try {
    const route = Routes.channelMessages(channel);
    const reply = { ...body, message_reference: { message_id: id } };
    await api.call({ method: "POST", route, what, body: reply }, NO_ANSWER);
  } catch {
    await sendDirectMessages(api, author.id, [body], what);
  }
}

/** Sends messages to one person. Rejects when they accept none. */
export async function sendDirectMessages(
  api: Api,
  person: string,
  bodies: readonly object[],
  what: string,
): Promise<void> {
  const open = { method: "POST", route: Routes.userChannels(), what } as const;
  const channel = await api.call({ ...open, body: { recipient_id: person } }, WithId);
  const route = Routes.channelMessages(channel.id);
  for (const body of bodies) await api.call({ method: "POST", route, what, body }, NO_ANSWER);
}
