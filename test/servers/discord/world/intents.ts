/** Gateway intents, by Discord's names. */
export const INTENT = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  guildReactions: 1 << 10,
  guildTyping: 1 << 11,
  directMessages: 1 << 12,
  directReactions: 1 << 13,
  directTyping: 1 << 14,
  messageContent: 1 << 15,
} as const;

/** Bits that name an intent at all, up to polls in direct messages. */
export const KNOWN_INTENTS = (1 << 26) - 1;

/** The intent of an event about messages, reactions or typing, in a guild or in private. */
export const intentFor = (
  what: "messages" | "reactions" | "typing",
  guildId: string | null,
): number => {
  const [inGuild, inPrivate] = {
    messages: [INTENT.guildMessages, INTENT.directMessages] as const,
    reactions: [INTENT.guildReactions, INTENT.directReactions] as const,
    typing: [INTENT.guildTyping, INTENT.directTyping] as const,
  }[what];
  return guildId === null ? inPrivate : inGuild;
};
