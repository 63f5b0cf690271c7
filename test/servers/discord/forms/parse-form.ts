import { z } from "zod";
import { type FormMistake, invalidForm } from "../world/refusal.ts";

type Issue = z.core.$ZodIssue;

type Words = Pick<FormMistake, "code" | "message">;

const REQUIRED: Words = { code: "BASE_TYPE_REQUIRED", message: "This field is required" };

const tooBig = (issue: Extract<Issue, { code: "too_big" }>): Words =>
  issue.origin === "number" || issue.origin === "int"
    ? {
        code: "NUMBER_TYPE_MAX",
        message: `int value should be less than or equal to ${issue.maximum}.`,
      }
    : { code: "BASE_TYPE_MAX_LENGTH", message: `Must be ${issue.maximum} or fewer in length.` };

const tooSmall = (issue: Extract<Issue, { code: "too_small" }>): Words => {
  if (issue.origin === "number" || issue.origin === "int") {
    return {
      code: "NUMBER_TYPE_MIN",
      message: `int value should be greater than or equal to ${issue.minimum}.`,
    };
  }
  return issue.origin === "string"
    ? REQUIRED
    : { code: "BASE_TYPE_MIN_LENGTH", message: `Must be ${issue.minimum} or more in length.` };
};

const custom = (issue: Extract<Issue, { code: "custom" }>): Words => ({
  code: String(issue.params?.["code"] ?? "BASE_TYPE_INVALID"),
  message: issue.message,
});

function wordsFor(issue: Issue): Words {
  if (issue.code === "too_big") return tooBig(issue);
  if (issue.code === "too_small") return tooSmall(issue);
  if (issue.code === "custom") return custom(issue);
  if (issue.code === "invalid_type") return wrongType(issue);
  if (issue.code === "invalid_value") {
    return { code: "BASE_TYPE_CHOICES", message: `Value must be one of ${issue.values.join()}.` };
  }
  return issue.code === "invalid_union"
    ? { code: "UNION_TYPE_CHOICES", message: "Value of field is not one of the choices." }
    : { code: "STRING_TYPE_REGEX", message: "String value did not match validation regex." };
}

const wrongType = (issue: Extract<Issue, { code: "invalid_type" }>): Words =>
  issue.message.includes("undefined")
    ? REQUIRED
    : { code: "MODEL_TYPE_CONVERT", message: `Could not interpret value as ${issue.expected}.` };

/** Reads a body as Discord does; throws 50035 with every mistake in its place. */
export function parseForm<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalidForm(
    parsed.error.issues.map((issue) => ({
      path: issue.path.map((part) => (typeof part === "number" ? part : String(part))),
      ...wordsFor(issue),
    })),
  );
}

/** Adds a mistake with a code of Discord's own to a zod refinement. */
export const mistake = (
  context: z.core.$RefinementCtx,
  path: readonly (string | number)[],
  words: Words,
): void =>
  context.addIssue({
    code: "custom",
    path: [...path],
    message: words.message,
    params: { code: words.code },
  });

/** A text of `least` to `most` characters. */
export const text = (most: number, least = 0) => z.string().min(least).max(most);
