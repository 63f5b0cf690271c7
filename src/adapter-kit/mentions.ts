const GREETING = /^\W*(?:(?:hi|hey|hello|hallo|ok|okay|thanks|thank you|and|cc)\b[\s,]*)?/i.source;

/**
 * Tests whether a message is addressed to whoever its first word mentions: "@Bob can you …", "hey @Bob, …". `mention` is the source of a
 * regular expression that matches how the platform writes a mention.
 */
export const opensWithMention = (mention: string): RegExp =>
  new RegExp(`${GREETING}(?:${mention})`, "i");
