import { z } from "zod";

/** A channel, as far as it is read. */
export const Channel = z.object({
  id: z.string(),
  type: z.number(),
  guild_id: z.string().nullish(),
  parent_id: z.string().nullish(),
  name: z.string().nullish(),
});
export type Channel = z.infer<typeof Channel>;

/** Discord's channel types. */
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
/** Only its members can see it. */
export const isPrivateThread = (type: number): boolean => type === 12;
export const isDirect = (type: number): boolean => type === TYPES.direct || type === TYPES.group;
/** A channel that consists of threads. */
export const isForum = (type: number): boolean => type === TYPES.forum || type === TYPES.media;
/** Whether threads can be opened on its messages. Not in chats of voice and stage channels. */
export const supportsThreads = (type: number): boolean =>
  type === TYPES.text || type === TYPES.announcement;
