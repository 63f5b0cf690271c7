import { Routes } from "discord.js";
import { z } from "zod";
import { type Api, NO_ANSWER } from "../api/api.ts";

export interface RegisterOptions {
  readonly api: Api;
  readonly application: string;
  /** In this server alone, where changes show at once; undefined: everywhere. */
  readonly guild: string | undefined;
  readonly commands: readonly Record<string, unknown>[];
}

const Registered = z.array(z.record(z.string(), z.unknown()));

/** Registers the commands if Discord has others: a bulk write replaces all, and takes effect everywhere. True: they were written. */
export async function registerCommands(options: RegisterOptions): Promise<boolean> {
  const { api, application, guild, commands } = options;
  const route =
    guild === undefined
      ? Routes.applicationCommands(application)
      : Routes.applicationGuildCommands(application, guild);
  const what = "registering the slash commands";
  // Where they cannot be read, writing them once more does no harm.
  const registered = await api.call({ method: "GET", route, what }, Registered).catch(() => []);
  if (isSame(registered, commands)) return false;
  await api.call({ method: "PUT", route, what, body: commands }, NO_ANSWER);
  return true;
}

const isSame = (
  registered: readonly Record<string, unknown>[],
  wanted: readonly Record<string, unknown>[],
): boolean =>
  registered.length === wanted.length &&
  wanted.every((command) =>
    registered.some(
      (other) =>
        other["name"] === command["name"] &&
        other["type"] === command["type"] &&
        says(other, command),
    ),
  );

/** What Discord returns of a command that changes what people see; of the rest it adds much of its own. */
const MEANT = ["choices", "options", "required", "autocomplete", "default_member_permissions"];

/** Whether Discord's version says what ours does; it leaves out what is empty or false. */
function says(theirs: unknown, ours: unknown): boolean {
  if (Array.isArray(ours)) {
    const list = Array.isArray(theirs) ? theirs : [];
    return list.length === ours.length && ours.every((one, i) => says(list[i], one));
  }
  if (typeof ours !== "object" || ours === null) return theirs === ours;
  const unsaid = MEANT.filter((key) => !Object.hasOwn(ours, key));
  return (
    Object.entries(ours).every(([key, value]) => says(fieldOf(theirs, key), value)) &&
    unsaid.every((key) => isNothing(fieldOf(theirs, key)))
  );
}

const isNothing = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length === 0
    : value === undefined || value === null || value === false;

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null
    ? Object.entries(value).find(([k]) => k === key)?.[1]
    : undefined;
