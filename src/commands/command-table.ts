import type { Level } from "../platform.ts";
import { type Scope, SCOPES } from "../teams/bindings.ts";
import type { Command, CommandName } from "./command.ts";

/** What help says of a command, and who may use it. */
export interface CommandEntry {
  /** What follows the name. */
  readonly usage: string;
  readonly summary: string;
  /** By how far it reaches, where it has a scope. */
  readonly level: Level | Readonly<Record<Scope, Level>>;
}

/** What concerns one thread is for everyone in it; a channel is for operators, a space for admins. */
const BY_SCOPE = { thread: "everyone", channel: "operator", space: "admin" } as const;

/** Every command, in the order of `help`. */
export const COMMANDS: Readonly<Record<CommandName, CommandEntry>> = {
  help: { usage: "[COMMAND]", summary: "what you can write", level: "everyone" },
  ask: {
    usage: "[--team TEAM] QUESTION",
    summary: "ask the team that answers here, or another one just this once",
    level: "everyone",
  },
  stop: { usage: "", summary: "stop the turn that is running here", level: "everyone" },
  prefer: {
    usage: "LABEL",
    summary: "give your vote to a standing answer while the turn runs",
    level: "everyone",
  },
  retry: {
    usage: "[with TEAM] [of TURN]",
    summary: "answer the last question again, or that of a turn, also with another team",
    level: "everyone",
  },
  steer: {
    usage: "[MESSAGE]",
    summary: "put a waiting message to the running turn at once",
    level: "everyone",
  },
  restart: {
    usage: "[MESSAGE]",
    summary: "stop the running turn and answer a waiting message instead",
    level: "everyone",
  },
  status: { usage: "", summary: "who is doing what right now", level: "everyone" },
  why: {
    usage: "[TURN]",
    summary: "answers, votes, reasons and cost of the last turn, or of another one",
    level: "everyone",
  },
  "why --timing": {
    usage: "[TURN]",
    summary: "where the time of the last turn went, or of another one",
    level: "operator",
  },
  "team list": { usage: "", summary: "the teams there are", level: "everyone" },
  "team show": {
    usage: "[TEAM]",
    summary: "the agents, models and limits of a team; of the one that answers here",
    level: "everyone",
  },
  "team use": {
    usage: "TEAM",
    summary: "have another team answer here from now on",
    level: BY_SCOPE,
  },
  "team reset": {
    usage: "",
    summary: "undo `team use`",
    level: BY_SCOPE,
  },
  "team reload": { usage: "", summary: "read the team files again", level: "installation" },
  "team validate": {
    usage: "",
    summary: "read the team files again and list all that is wrong with them",
    level: "installation",
  },
  "agents list": { usage: "", summary: "the agents that answer in this thread", level: "everyone" },
  "agents add": {
    usage: "AGENT …",
    summary: "bring agents into this thread, also those of other teams (TEAM/AGENT)",
    level: "everyone",
  },
  "agents drop": {
    usage: "AGENT …",
    summary: "leave agents out of this thread",
    level: "everyone",
  },
  "agents only": {
    usage: "AGENT …",
    summary: "have these agents alone answer in this thread",
    level: "everyone",
  },
  "agents reset": {
    usage: "",
    summary: "have the whole team answer in this thread again",
    level: "everyone",
  },
  listen: {
    usage: "[mention|thread|always|reset]",
    summary: "what is answered here without naming Parley",
    level: BY_SCOPE,
  },
  usage: {
    usage: "[day|week|month|all]",
    summary: "tokens and money spent here",
    level: BY_SCOPE,
  },
  "budget show": {
    usage: "",
    summary: "what is limited here, how much of it is used, and when it frees up",
    level: "everyone",
  },
  "budget set": {
    usage: "LIMIT --person|--channel|--space",
    summary: "limit dollars, tokens or turns: 5usd/day, 200ktokens/day, 10turns/hour",
    level: "admin",
  },
  "budget reset": {
    usage: "--person|--channel|--space",
    summary: "undo all `budget set` of a person, a channel or a space",
    level: "admin",
  },
  "budget allow": {
    usage: "[TURNS|2h|today|off] [--here|--channel|--space]",
    summary: "let the next turn through, or several, or all for a time, whatever is limited",
    level: "admin",
  },
  "keys show": {
    usage: "",
    summary: "which API keys of its own this space has, never the keys themselves",
    level: "admin",
  },
  "keys set": {
    usage: "openai|anthropic|gemini KEY",
    summary: "have this space's turns asked with its own API keys, and with no others",
    level: "admin",
  },
  "keys remove": {
    usage: "openai|anthropic|gemini",
    summary: "remove an API key of this space; without any, the installation's are used again",
    level: "admin",
  },
  version: { usage: "", summary: "which Parley this is", level: "everyone" },
};

const isName = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);

/** In the order of `help`. */
export const COMMAND_NAMES: readonly CommandName[] = Object.keys(COMMANDS).filter(isName);

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
