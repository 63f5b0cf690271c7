import { z } from "zod";

const User = z.object({ id: z.string(), name: z.string().catch("") });

export const WireMessage = z.object({
  id: z.string(),
  room: z.string(),
  author: User,
  at: z.number(),
  text: z.string().catch(""),
  tag: z.string().optional().catch(undefined),
});
export type WireMessage = z.infer<typeof WireMessage>;

export const WireMessages = z.array(WireMessage);
export const Identity = User;

const Event = z.discriminatedUnion("event", [
  z.object({ event: z.literal("message"), message: WireMessage }),
  z.object({
    event: z.literal("action"),
    id: z.string(),
    room: z.string(),
    person: User,
    action: z.string(),
    message: WireMessage,
  }),
]);
export type WireEvent = z.infer<typeof Event>;

const Reply = z.object({
  reply: z.number(),
  result: z.unknown().optional(),
  error: z.string().optional(),
});

/** A line from the server; undefined: Parley does not know this kind of line, and ignores it. */
export function parseLine(line: string): WireEvent | z.infer<typeof Reply> | undefined {
  try {
    return z.union([Event, Reply]).safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
