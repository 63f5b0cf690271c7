import { z } from "zod";

/** What is read of a channel. */
export const Channel = z.object({
  id: z.string(),
  type: z.number(),
  guild_id: z.string().nullish(),
  parent_id: z.string().nullish(),
  name: z.string().nullish(),
});
export type Channel = z.infer<typeof Channel>;

/** Discord's numbers for the kinds of channel. */
export const TYPES = {
  text: 0,
  direct: 1,
  group: 3,
  announcement: 5,
  forum: 15,
  media: 16,
} as const;
const THREADS: ReadonlySet<number> = new Set([10, 11, 12]);

export const isThread = (type: number): boolean => THREADS.has(type);
/** Only people in it can see such a thread. */
export const isPrivateThread = (type: number): boolean => type === 12;
export const isDirect = (type: number): boolean => type === TYPES.direct || type === TYPES.group;
/** A channel in which everything is a thread. */
export const isForum = (type: number): boolean => type === TYPES.forum || type === TYPES.media;
/** Whether threads can be opened from its messages: not in the chats of voice and stage channels. */
export const takesThreads = (type: number): boolean =>
  type === TYPES.text || type === TYPES.announcement;
