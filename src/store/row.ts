import { z } from "zod";

/** A whole number. PostgreSQL returns BIGINT and sums as text. */
export const Int = z.union([z.number(), z.string().regex(/^-?\d+$/)]).transform(Number);

/** A JSON text column that matches `schema`. */
export const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue("is not JSON");
        return z.NEVER;
      }
    })
    .pipe(schema);
