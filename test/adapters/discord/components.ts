import { z } from "zod";

const Rows = z.array(
  z.object({
    components: z.array(
      z.object({
        label: z.string().optional(),
        emoji: z.object({ name: z.string() }).optional(),
        custom_id: z.string(),
      }),
    ),
  }),
);

/** What stands on a message's buttons, row by row. */
export const labels = (components: unknown): readonly (readonly string[])[] =>
  Rows.parse(components).map(({ components: row }) =>
    row.map(({ label, emoji }) => label ?? emoji?.name ?? ""),
  );

export const customIds = (components: unknown): readonly string[] =>
  Rows.parse(components).flatMap(({ components: row }) => row.map(({ custom_id: id }) => id));
