import { z } from "zod";
import { SettingsError } from "../settings.ts";
import { secretProblems } from "../text/secret-problems.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Another process uses what only one may use at a time. */
export class InUseError extends SettingsError {}

/** A setting that lists names, separated by commas or spaces. */
export const nameList = z
  .string()
  .optional()
  .transform((text) => (text ?? "").split(/[\s,]+/).filter((part) => part !== ""));

/** "Minutes" settings that limit how old a missed message may be. */
export const freshMinutes = (minutes: number) =>
  z.coerce
    .number("must be a number of minutes")
    .min(0, "must be 0 or more")
    .default(minutes)
    .describe(
      "Maximum age, in minutes, of a message that Parley missed while disconnected and still answers. 0 disables this.",
    );

/**
 * Reads an adapter's settings from the environment; an empty variable counts as not set. Each message of the schema reads on after the
 * variable's name. Throws a `SettingsError` with one line per problem; no value is in its text.
 */
export function readAdapterSettings<T>(
  schema: z.ZodType<T>,
  env: Env,
  secrets: readonly string[] = [],
): T {
  const wrong = secretProblems(env, secrets);
  if (wrong.length > 0) throw new SettingsError(wrong.join("\n"));
  const set = Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value),
  );
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`);
  throw new SettingsError(lines.join("\n"));
}
