import { SET_REACHES } from "../budgets/reach.ts";
import { LISTENING_MODES } from "../teams/listening.ts";
import { PERIODS } from "./command.ts";
import { PROVIDERS } from "../backends/keys.ts";

/** An argument of a command as a form asks for it, and the words of the command that its value becomes. */
export interface CommandOption {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  /** What stands before it when completions are looked up; absent: nothing is completed. */
  readonly completes?: string;
  readonly write: (value: string) => string;
}

/** A value as one word of a command. */
export const quoted = (value: string): string =>
  /\s/.test(value) ? `"${value.replaceAll('"', "")}"` : value;

const plain = (value: string) => value;

export const topic: CommandOption = {
  name: "command",
  description: "Which command",
  completes: "help ",
  write: plain,
};

export const team = (completes: string): CommandOption => ({
  name: "team",
  description: "Name of a team",
  completes,
  write: quoted,
});

export const withTeam: CommandOption = {
  ...team("retry with "),
  write: (value) => `with ${quoted(value)}`,
};

export const agents = (completes: string): CommandOption => ({
  name: "agents",
  description: "Names of agents, with spaces between",
  required: true,
  completes,
  write: plain,
});

/** For one thread, or for every thread of the channel. A whole space is a command of its own on Discord. */
export const scope: CommandOption = {
  name: "scope",
  description: "For this thread, or for the whole channel",
  choices: ["thread", "channel"],
  write: (value) => (value === "channel" ? "--channel" : "--here"),
};

export const period: CommandOption = {
  name: "period",
  description: "How far back",
  choices: PERIODS,
  write: plain,
};

export const mode: CommandOption = {
  name: "mode",
  description: "What is answered without naming Parley",
  choices: [...LISTENING_MODES, "reset"],
  write: plain,
};

export const limit: CommandOption = {
  name: "limit",
  description: "Such as 5usd/day, 200ktokens/day or 10turns/hour",
  required: true,
  completes: "budget set ",
  write: plain,
};

export const reach: CommandOption = {
  name: "for",
  description: "Each person of this space, this channel, or the whole space",
  required: true,
  choices: SET_REACHES,
  write: (value) => `--${value}`,
};

export const grant: CommandOption = {
  name: "what",
  description: "How many turns, or how long: 3, 2h, today, off; one turn if there is none",
  completes: "budget allow ",
  write: plain,
};

export const grantedWhere: CommandOption = {
  name: "where",
  description: "In this thread, this channel, or the whole space",
  choices: ["thread", "channel", "space"],
  write: (value) => (value === "thread" ? "--here" : `--${value}`),
};

export const provider: CommandOption = {
  name: "provider",
  description: "Whose key it is",
  required: true,
  choices: PROVIDERS,
  write: plain,
};

export const key: CommandOption = {
  name: "key",
  description: "The API key; nobody else sees it, and Parley never shows it again",
  required: true,
  write: quoted,
};

export const sure: CommandOption = {
  name: "sure",
  description: "yes: really forget it",
  choices: ["yes"],
  write: plain,
};

export const answer: CommandOption = {
  name: "answer",
  description: "Label of a standing answer",
  required: true,
  completes: "prefer ",
  write: quoted,
};

export const verdict: CommandOption = {
  name: "rating",
  description: "up, down, or off to withdraw it",
  required: true,
  choices: ["up", "down", "off"],
  write: plain,
};

export const reason: CommandOption = {
  name: "reason",
  description: "What was good or wrong, for the people who run the team",
  write: plain,
};

export const message = (completes: string): CommandOption => ({
  name: "message",
  description: "Id of a waiting message; the latest if there is none",
  completes,
  write: plain,
});

export const steering: CommandOption = {
  name: "message",
  description:
    "What to tell the agents, or the id of a waiting message; the latest if there is none",
  completes: "steer ",
  write: plain,
};

export const turn = (before = ""): CommandOption => ({
  name: "turn",
  description: "Id of an earlier turn; the last one if there is none",
  write: (value) => before + quoted(value),
});

export const timing: CommandOption = {
  name: "show",
  description: "timing: where the time went, for operators and admins",
  choices: ["timing"],
  write: (value) => `--${value}`,
};
