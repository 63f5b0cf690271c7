import { PermissionFlagsBits } from "discord.js";
import { type Channel, isThread, supportsThreads } from "../wire/channel.ts";

/** The permissions that Parley needs, by their names in Discord's settings. */
const NEEDED = {
  "View Channel": PermissionFlagsBits.ViewChannel,
  "Read Message History": PermissionFlagsBits.ReadMessageHistory,
  "Send Messages": PermissionFlagsBits.SendMessages,
  "Create Public Threads": PermissionFlagsBits.CreatePublicThreads,
  "Send Messages in Threads": PermissionFlagsBits.SendMessagesInThreads,
  "Attach Files": PermissionFlagsBits.AttachFiles,
} as const;

/** Where Parley wants to post, or "reading" if it only reads. */
export type Destination = "new thread" | "thread" | "channel" | "reading";

const FOR: Readonly<Record<Destination, readonly (keyof typeof NEEDED)[]>> = {
  "new thread": [
    "View Channel",
    "Read Message History",
    "Create Public Threads",
    "Send Messages in Threads",
  ],
  thread: ["View Channel", "Read Message History", "Send Messages in Threads"],
  channel: ["View Channel", "Read Message History", "Send Messages"],
  reading: ["View Channel", "Read Message History"],
};

/** Where Parley posts if it is asked in a channel. */
export function destinationIn({ type }: Pick<Channel, "type">): Destination {
  if (supportsThreads(type)) return "new thread";
  return isThread(type) ? "thread" : "channel";
}

/** The permissions of the invite link, as one number. */
export const INVITE_PERMISSIONS: bigint = Object.values(NEEDED).reduce((all, bit) => all | bit, 0n);

/** Which of the permissions a bit set lacks. */
export function missingPermissions(
  permissions: bigint,
  destination: Destination,
): readonly string[] {
  if (permissions & PermissionFlagsBits.Administrator) return [];
  return FOR[destination].filter((name) => (permissions & NEEDED[name]) === 0n);
}

/** Whether Parley could open a thread but not post in it. */
export const lacksOnlyThreadPosts = (permissions: bigint): boolean => {
  const missing = missingPermissions(permissions, "new thread");
  return missing.length === 1 && missing[0] === "Send Messages in Threads";
};

/** What a person can do about them. `where` is a channel as Discord writes it. */
export const formatMissing = (missing: readonly string[], where: string): string =>
  `I cannot answer in ${where}: my role lacks ${formatList(missing)} there. Somebody who manages the server can allow it in the channel's settings → Permissions.`;

const formatList = (names: readonly string[]): string =>
  names
    .map((name) => `**${name}**`)
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");
