import type { CommandTable } from "./command-entry.ts";
import * as option from "./command-options.ts";

const STEERS = { about: "thread", turn: "during", repliesTo: "everyone" } as const;
const EXPLAINS_TURN = { about: "any thread", turn: "none", repliesTo: "asker" } as const;

/** The commands about questions and their answers. */
export const TURN_COMMANDS = {
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
  rate: {
    usage: "up|down|off [REASON]",
    summary: "say what you think of the last answer, and why; off withdraws it",
    level: "everyone",
    // Forms rate the last answer; buttons name theirs.
    options: { verdict: option.verdict, reason: option.reason, turn: null },
    about: "any thread",
    turn: "none",
    repliesTo: "asker",
  },
  steer: {
    usage: "[TEXT]",
    summary: "tell the agents something now; without a text, the latest queued message",
    level: "everyone",
    options: { message: option.steering },
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
} satisfies Partial<CommandTable>;
