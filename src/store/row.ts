import { z } from "zod";

/** A whole number; PostgreSQL hands BIGINT and sums over as text. */
export const Int = z.union([z.number(), z.string().regex(/^-?\d+$/)]).transform(Number);

/** A column of JSON text that holds what `schema` says. */
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
