import type { CommandName } from "./command.ts";
import type { CommandEntry, CommandTable } from "./command-entry.ts";
import * as option from "./command-options.ts";

/** Everyone may change a thread, operators a channel, admins a space. */
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
    summary: "show the commands you can use",
    level: "everyone",
    options: { topic: option.topic },
    ...TELLS,
  },
  ask: {
    usage: "[--team TEAM] QUESTION",
    summary: "ask the current team, or another team once",
    level: "everyone",
    options: { text: null, team: null, forceTeam: null }, // Adapters have a form of their own for it, with files.
    about: "anything",
    turn: "begins",
    repliesTo: "asker",
  },
  stop: {
    usage: "",
    summary: "stop the running turn",
    level: "everyone",
    options: { turn: null },
    ...STEERS,
    about: "any thread",
  },
  finish: {
    usage: "",
    summary: "post the best answer so far now",
    level: "everyone",
    options: { turn: null },
    ...STEERS,
    about: "any thread",
    repliesTo: "asker",
  },
  prefer: {
    usage: "LABEL",
    summary: "vote for a current answer while the turn runs",
    level: "everyone",
    options: { answer: option.answer },
    ...STEERS,
    repliesTo: "asker",
  },
  retry: {
    usage: "[with TEAM] [of TURN]",
    summary: "answer the last question (or the one of TURN) again, also with another team",
    level: "everyone",
    options: { team: option.withTeam, turn: option.turn("of ") },
    about: "any thread",
    turn: "begins",
    repliesTo: "everyone",
  },
  steer: {
    usage: "[MESSAGE]",
    summary: "send a queued message to the agents now",
    level: "everyone",
    options: { message: option.message("steer ") },
    ...STEERS,
  },
  restart: {
    usage: "[MESSAGE]",
    summary: "stop the running turn and answer a queued message instead",
    level: "everyone",
    options: { message: option.message("restart ") },
    ...STEERS,
  },
  status: {
    usage: "",
    summary: "show what each agent is doing",
    level: "everyone",
    options: {},
    ...EXPLAINS_TURN,
  },
  why: {
    usage: "[TURN]",
    summary: "show the answers, votes, reasons and cost of the last turn, or of TURN",
    level: "everyone",
    options: { turn: option.turn() },
    ...EXPLAINS_TURN,
    variant: option.timing,
  },
  "why --timing": {
    usage: "[TURN]",
    summary: "show where the time of the last turn, or of TURN, went",
    level: "operator",
    options: { turn: option.turn() },
    ...EXPLAINS_TURN,
  },
  "team list": {
    usage: "",
    summary: "list the teams",
    level: "everyone",
    options: {},
    ...TELLS,
  },
  "team show": {
    usage: "[TEAM]",
    summary: "show the agents, models and limits of a team (default: the team that answers here)",
    level: "everyone",
    options: { team: option.team("team show ") },
    ...TELLS,
  },
  "team use": {
    usage: "TEAM",
    summary: "use another team here from now on",
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
    summary: "reload the team files",
    level: "installation",
    options: {},
    ...TELLS,
  },
  "team validate": {
    usage: "",
    summary: "reload the team files and list all their problems",
    level: "installation",
    options: {},
    ...TELLS,
  },
  "agents list": {
    usage: "",
    summary: "list the agents that answer in this thread",
    level: "everyone",
    options: {},
    ...CHANGES_THREAD,
    repliesTo: "asker",
  },
  "agents add": {
    usage: "AGENT …",
    summary: "add agents to this thread, also from other teams (TEAM/AGENT)",
    level: "everyone",
    options: { agents: option.agents("agents add ") },
    ...CHANGES_THREAD,
  },
  "agents drop": {
    usage: "AGENT …",
    summary: "remove agents from this thread",
    level: "everyone",
    options: { agents: option.agents("agents drop ") },
    ...CHANGES_THREAD,
  },
  "agents only": {
    usage: "AGENT …",
    summary: "use only these agents in this thread",
    level: "everyone",
    options: { agents: option.agents("agents only ") },
    ...CHANGES_THREAD,
  },
  "agents reset": {
    usage: "",
    summary: "use the whole team in this thread again",
    level: "everyone",
    options: {},
    ...CHANGES_THREAD,
  },
  listen: {
    usage: "[mention|thread|always|reset]",
    summary: "show or set which messages Parley answers here",
    level: BY_SCOPE,
    options: { mode: option.mode, scope: option.scope },
    ...SETS,
  },
  usage: {
    usage: "[day|week|month|all]",
    summary: "show the tokens and money spent here",
    level: BY_SCOPE,
    options: { period: option.period, scope: option.scope },
    ...TELLS,
  },
  "budget show": {
    usage: "",
    summary: "show the limits that apply here, how much is used, and when they reset",
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
    summary: "remove the limits of each person, the channel or the space",
    level: "admin",
    options: { reach: option.reach },
    ...SETS,
  },
  "budget allow": {
    usage: "[TURNS|2h|today|off] [--here|--channel|--space]",
    summary: "let one turn, several turns, or all turns for a time exceed the limits",
    level: "admin",
    options: { grant: option.grant, scope: option.grantedWhere },
    ...SETS,
  },
  "keys show": {
    usage: "",
    summary: "show which API keys this space has set, never the keys themselves",
    level: "admin",
    options: {},
    ...TELLS,
  },
  "keys set": {
    usage: "openai|anthropic|gemini KEY",
    summary: "use only this space's own API keys for its turns",
    level: "admin",
    options: { provider: option.provider, key: option.key },
    ...TELLS,
  },
  "keys remove": {
    usage: "openai|anthropic|gemini",
    summary: "remove an API key of this space; without any, Parley uses the installation's keys",
    level: "admin",
    options: { provider: option.provider },
    ...TELLS,
  },
  version: { usage: "", summary: "show the version", level: "everyone", options: {}, ...TELLS },
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
