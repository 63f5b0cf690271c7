import { z } from "zod";

// Fields in real payloads are null, absent or of another kind than any type declares: what cannot be used counts as absent.

export const text = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? undefined);

/** An empty one counts as absent. */
export const nonEmptyText = text.transform((value) => value || undefined);

export const flag = z.boolean().optional().catch(undefined);

/** Absent unless it is `true`. */
export const onlyTrue = z.literal(true).optional().catch(undefined);

/** An array: the entries that can be read. */
export const each = <T>(entry: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((values) =>
      values.flatMap((value) => {
        const { data } = entry.safeParse(value);
        return data === undefined ? [] : [data];
      }),
    );
