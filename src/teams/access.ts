import { z } from "zod";
import type { Level } from "../platform.ts";

const Who = z
  .string()
  .regex(
    /^(\*|[a-z]+:(\*|[\w.-]+))$/,
    "write platform:id, such as slack:U012AB3CD or discord:8032…; platform:* or * for everybody",
  );

export const Access = z.strictObject({
  operators: z
    .array(Who)
    .default([])
    .describe(
      "People, user groups or roles who may change the team of a channel, as platform:id. `*` means everybody.",
    ),
  admins: z
    .array(Who)
    .default([])
    .describe(
      "People, user groups or roles who may also change the team of a workspace or server, as platform:id.",
    ),
});
export type Access = z.infer<typeof Access>;

const lists = (who: readonly string[], ids: readonly string[]) =>
  ids.some(
    (id) => who.includes(id) || who.includes("*") || who.includes(`${id.split(":", 1)[0]}:*`),
  );

/**
 * A person's level: the higher of the platform's (such as workspace admin) and the team file's. `ids` are the person's user, groups and roles on
 * the platform, each as `platform:id`.
 */
export function levelOf(access: Access, ids: readonly string[], onPlatform: Level): Level {
  if (onPlatform === "installation") return onPlatform;
  if (onPlatform === "admin" || lists(access.admins, ids)) return "admin";
  if (onPlatform === "operator" || lists(access.operators, ids)) return "operator";
  return "everyone";
}
