import { z } from "zod";
import type { Fields } from "../state/fields.ts";
import { apiErrorWith } from "./api-error.ts";

/** Arguments arrive as a form, everything but text as JSON in it, or as JSON altogether. */
const parsed = (value: unknown): unknown => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

export const json = <T>(schema: z.ZodType<T>) => z.preprocess(parsed, schema);
export const flag = z
  .union([z.boolean(), z.enum(["true", "false", "1", "0"]), z.literal(1), z.literal(0)])
  .transform((value) => value === true || value === "true" || value === "1" || value === 1);
export const count = z.coerce.number().int();
export const text = z.union([z.string(), z.number().transform(String)]);
export const fields = z.record(z.string(), z.unknown());

/** Which refusal a bad argument earns; any other earns `invalid_arguments`. */
const CODES: Readonly<Record<string, string>> = {
  blocks: "invalid_blocks_format",
  metadata: "invalid_metadata_format",
  limit: "invalid_limit",
};

/** Throws an `ApiError`. */
export function readArguments<T>(schema: z.ZodType<T>, args: Fields): T {
  const read = schema.safeParse(args);
  if (read.success) return read.data;
  const { error } = read;
  const [issue] = error.issues;
  const name = String(issue?.path[0] ?? "");
  const problems = error.issues.map(({ path, message }) =>
    args[String(path[0])] === undefined
      ? `missing required field: ${String(path[0])}`
      : `${message} [json-pointer:/${path.join("/")}]`,
  );
  throw apiErrorWith(CODES[name] ?? "invalid_arguments", problems);
}
