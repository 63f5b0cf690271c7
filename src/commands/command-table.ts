import type { CommandName } from "./command.ts";
import type { CommandEntry, CommandTable } from "./command-entry.ts";
import * as option from "./command-options.ts";

/** What concerns one thread is for everyone in it; a channel is for operators, a space for admins. */
const BY_SCOPE = { thread: "everyone", channel: "operator", space: "admin" } as const;

const TELLS = { about: "anything", turn: "none", repliesTo: "asker" } as const;
const SETS = { about: "anything", turn: "none", repliesTo: "everyone" } as const;
const STEERS = { about: "thread", turn: "during", repliesTo: "everyone" } as const;
const CHANGES_THREAD = { about: "thread", turn: "none", repliesTo: "everyone" } as const;
const EXPLAINS_TURN = { about: "any thread", turn: "none", repliesTo: "asker" } as const;

/** Every command, in the order of `help`. */
const TABLE: CommandTable = {
  help: {
    usage: "[COMMAND]",
    summary: "what you can write",
    level: "everyone",
    options: { topic: option.topic },
    ...TELLS,
  },
  ask: {
    usage: "[--team TEAM] QUESTION",
    summary: "ask the team that answers here, or another one just this once",
    level: "everyone",
    options: { text: null, team: null, forceTeam: null }, // Adapters have a form of their own for it, with files.
    about: "anything",
    turn: "begins",
    repliesTo: "asker",
  },
  stop: {
    usage: "",
    summary: "stop the turn that is running here",
    level: "everyone",
    options: { turn: null },
    ...STEERS,
    about: "any thread",
  },
  prefer: {
    usage: "LABEL",
    summary: "give your vote to a standing answer while the turn runs",
    level: "everyone",
    options: { answer: option.answer },
    ...STEERS,
    repliesTo: "asker",
  },
  retry: {
    usage: "[with TEAM] [of TURN]",
    summary: "answer the last question again, or that of a turn, also with another team",
    level: "everyone",
    options: { team: option.withTeam, turn: option.turn("of ") },
    about: "any thread",
    turn: "begins",
    repliesTo: "everyone",
  },
  steer: {
    usage: "[MESSAGE]",
    summary: "put a waiting message to the running turn at once",
    level: "everyone",
    options: { message: option.message("steer ") },
    ...STEERS,
  },
  restart: {
    usage: "[MESSAGE]",
    summary: "stop the running turn and answer a waiting message instead",
    level: "everyone",
    options: { message: option.message("restart ") },
    ...STEERS,
  },
  status: {
    usage: "",
    summary: "who is doing what right now",
    level: "everyone",
    options: {},
    ...EXPLAINS_TURN,
  },
  why: {
    usage: "[TURN]",
    summary: "answers, votes, reasons and cost of the last turn, or of another one",
    level: "everyone",
    options: { turn: option.turn() },
    ...EXPLAINS_TURN,
    variant: option.timing,
  },
  "why --timing": {
    usage: "[TURN]",
    summary: "where the time of the last turn went, or of another one",
    level: "operator",
    options: { turn: option.turn() },
    ...EXPLAINS_TURN,
  },
  "team list": {
    usage: "",
    summary: "the teams there are",
    level: "everyone",
    options: {},
    ...TELLS,
  },
  "team show": {
    usage: "[TEAM]",
    summary: "the agents, models and limits of a team; of the one that answers here",
    level: "everyone",
    options: { team: option.team("team show ") },
    ...TELLS,
  },
  "team use": {
    usage: "TEAM",
    summary: "have another team answer here from now on",
    level: BY_SCOPE,
    options: { team: { ...option.team("team use "), required: true }, scope: option.scope },
    ...SETS,
  },
  "team reset": {
    usage: "",
    summary: "undo `team use`",
    level: BY_SCOPE,
    options: { scope: option.scope },
    ...SETS,
  },
  "team reload": {
    usage: "",
    summary: "read the team files again",
    level: "installation",
    options: {},
    ...TELLS,
  },
  "team validate": {
    usage: "",
    summary: "read the team files again and list all that is wrong with them",
    level: "installation",
    options: {},
    ...TELLS,
  },
  "agents list": {
    usage: "",
    summary: "the agents that answer in this thread",
    level: "everyone",
    options: {},
    ...CHANGES_THREAD,
    repliesTo: "asker",
  },
  "agents add": {
    usage: "AGENT …",
    summary: "bring agents into this thread, also those of other teams (TEAM/AGENT)",
    level: "everyone",
    options: { agents: option.agents("agents add ") },
    ...CHANGES_THREAD,
  },
  "agents drop": {
    usage: "AGENT …",
    summary: "leave agents out of this thread",
    level: "everyone",
    options: { agents: option.agents("agents drop ") },
    ...CHANGES_THREAD,
  },
  "agents only": {
    usage: "AGENT …",
    summary: "have these agents alone answer in this thread",
    level: "everyone",
    options: { agents: option.agents("agents only ") },
    ...CHANGES_THREAD,
  },
  "agents reset": {
    usage: "",
    summary: "have the whole team answer in this thread again",
    level: "everyone",
    options: {},
    ...CHANGES_THREAD,
  },
  listen: {
    usage: "[mention|thread|always|reset]",
    summary: "what is answered here without naming Parley",
    level: BY_SCOPE,
    options: { mode: option.mode, scope: option.scope },
    ...SETS,
  },
  usage: {
    usage: "[day|week|month|all]",
    summary: "tokens and money spent here",
    level: BY_SCOPE,
    options: { period: option.period, scope: option.scope },
    ...TELLS,
  },
  "budget show": {
    usage: "",
    summary: "what is limited here, how much of it is used, and when it frees up",
    level: "everyone",
    options: {},
    ...TELLS,
  },
  "budget set": {
    usage: "LIMIT --person|--channel|--space",
    summary: "limit dollars, tokens or turns: 5usd/day, 200ktokens/day, 10turns/hour",
    level: "admin",
    options: { limit: option.limit, reach: option.reach },
    ...SETS,
  },
  "budget reset": {
    usage: "--person|--channel|--space",
    summary: "undo all `budget set` of a person, a channel or a space",
    level: "admin",
    options: { reach: option.reach },
    ...SETS,
  },
  "budget allow": {
    usage: "[TURNS|2h|today|off] [--here|--channel|--space]",
    summary: "let the next turn through, or several, or all for a time, whatever is limited",
    level: "admin",
    options: { grant: option.grant, scope: option.grantedWhere },
    ...SETS,
  },
  "keys show": {
    usage: "",
    summary: "which API keys of its own this space has, never the keys themselves",
    level: "admin",
    options: {},
    ...TELLS,
  },
  "keys set": {
    usage: "openai|anthropic|gemini KEY",
    summary: "have this space's turns asked with its own API keys, and with no others",
    level: "admin",
    options: { provider: option.provider, key: option.key },
    ...TELLS,
  },
  "keys remove": {
    usage: "openai|anthropic|gemini",
    summary: "remove an API key of this space; without any, the installation's are used again",
    level: "admin",
    options: { provider: option.provider },
    ...TELLS,
  },
  version: { usage: "", summary: "which Parley this is", level: "everyone", options: {}, ...TELLS },
};
export const COMMANDS: Readonly<Record<CommandName, CommandEntry>> = TABLE;

const isName = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);

/** In the order of `help`. */
export const COMMAND_NAMES: readonly CommandName[] = Object.keys(COMMANDS).filter(isName);

/** What a form asks for before the command is given, in this order. */
export const optionsOf = (name: CommandName): readonly option.CommandOption[] => {
  const { options, variant } = COMMANDS[name];
  return [variant, ...Object.values(options)].filter((one) => one !== undefined && one !== null);
};
