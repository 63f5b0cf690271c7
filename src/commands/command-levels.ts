import type { Level } from "../platform.ts";
import { type Scope, SCOPES } from "../teams/bindings.ts";
import type { Command, CommandName } from "./command.ts";
import { COMMANDS } from "./command-table.ts";

const RANK: Readonly<Record<Level, number>> = {
  everyone: 0,
  operator: 1,
  admin: 2,
  installation: 3,
};

/** Whether one level includes another. */
export const isAtLeast = (level: Level, needed: Level): boolean => RANK[level] >= RANK[needed];

/** The level that a command needs. */
export function levelOfCommand(command: Command): Level {
  const { level } = COMMANDS[command.name];
  if (typeof level === "string") return level;
  return "scope" in command ? level[command.scope] : level.thread;
}

/** How a scope is written. */
export const SCOPE_FLAGS: Readonly<Record<Scope, string>> = {
  thread: "--here",
  channel: "--channel",
  space: "--space",
};

/** How far a command may reach for somebody of a level; nowhere if it has no scope. */
export function scopesFor(name: CommandName, asker: Level): readonly Scope[] {
  const { level } = COMMANDS[name];
  return typeof level === "string" ? [] : SCOPES.filter((scope) => isAtLeast(asker, level[scope]));
}

/** How a command is written by somebody of a level: `team use TEAM [--here|--channel]`; null: not for them. */
export function usageOf(name: CommandName, asker: Level): string | null {
  const { level, usage } = COMMANDS[name];
  const words = [name, usage].filter(Boolean).join(" ");
  if (typeof level === "string") return isAtLeast(asker, level) ? words : null;
  const flags = scopesFor(name, asker).map((scope) => SCOPE_FLAGS[scope]);
  if (flags.length === 0) return null;
  return flags.length > 1 ? `${words} [${flags.join("|")}]` : words;
}
