import { type CommandTable, SETS, TELLS } from "./command-entry.ts";
import * as option from "./command-options.ts";

/** Everyone may change a thread, operators a channel, admins a space. */
const BY_SCOPE = { thread: "everyone", channel: "operator", space: "admin" } as const;

const CHANGES_THREAD = { about: "thread", turn: "none", repliesTo: "everyone" } as const;

/** The commands about who answers in a place, what that may cost, and whose keys pay. */
export const PLACE_COMMANDS = {
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
  "stats models": {
    usage: "",
    summary: "show how the models of this space did: who is right more often, and how sure that is",
    level: "everyone",
    options: {},
    ...TELLS,
  },
  "stats models reset": {
    usage: "[yes]",
    summary: "forget how the models of this space did; asks first",
    level: "admin",
    options: { sure: option.sure },
    ...SETS,
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
} satisfies Partial<CommandTable>;
