import { z } from "zod";
import type { Person } from "../../../src/platform.ts";

/** What a message carries that Parley posted in a person's name. */
const Question = z.object({
  event_type: z.literal("parley_question"),
  event_payload: z.object({ user: z.string().min(1), name: z.string() }),
});

export const questionMetadata = ({ id, name }: Person): z.infer<typeof Question> => ({
  event_type: "parley_question",
  event_payload: { user: id, name },
});

/** Who asked, on a question of Parley's own posting; on other people's messages it proves nothing. */
export function questionerOf(metadata: unknown): Person | undefined {
  const { data } = Question.safeParse(metadata);
  if (!data) return undefined;
  const { user, name } = data.event_payload;
  return { id: user, name, kind: "person" };
}
