import type { CommandName } from "../../../src/commands/command.ts";
import { PROVIDERS } from "../../../src/commands/parse-keys.ts";
import { LISTENING_MODES } from "../../../src/teams/listening.ts";
import { PERIODS } from "../../../src/commands/command.ts";
import { SET_REACHES } from "../../../src/budgets/reach.ts";

/** An option of a subcommand, and the words of the shared command that it stands for. */
export interface CommandOption {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  /** What stands before it when completions are looked up; "": nothing is completed. */
  readonly completes?: string;
  readonly write: (value: string) => string;
}

/** A value as one word of a command. */
export const quoted = (value: string): string =>
  /\s/.test(value) ? `"${value.replaceAll('"', "")}"` : value;

const plain = (value: string) => value;

const team = (completes: string, required: boolean): CommandOption => ({
  name: "team",
  description: "Name of a team",
  required,
  completes,
  write: quoted,
});

const agents = (completes: string): CommandOption => ({
  name: "agents",
  description: "Names of agents, with spaces between",
  required: true,
  completes,
  write: plain,
});

/** For one thread, or for every thread of the channel. A whole server is `/parley-admin`'s. */
const scope: CommandOption = {
  name: "scope",
  description: "For this thread, or for the whole channel",
  choices: ["thread", "channel"],
  write: (value) => (value === "channel" ? "--channel" : "--here"),
};

const period: CommandOption = {
  name: "period",
  description: "How far back",
  choices: PERIODS,
  write: plain,
};

const mode = (): CommandOption => ({
  name: "mode",
  description: "What is answered without naming Parley",
  choices: [...LISTENING_MODES, "reset"],
  write: plain,
});

const limit: CommandOption = {
  name: "limit",
  description: "Such as 5usd/day, 200ktokens/day or 10turns/hour",
  required: true,
  completes: "budget set ",
  write: plain,
};

const holder: CommandOption = {
  name: "for",
  description: "Each person of this server, this channel, or the whole server",
  required: true,
  choices: SET_REACHES,
  write: (value) => `--${value}`,
};

const grant: CommandOption = {
  name: "what",
  description: "How many turns, or how long: 3, 2h, today, off; one turn if there is none",
  completes: "budget allow ",
  write: plain,
};

const grantedWhere: CommandOption = {
  name: "where",
  description: "In this thread, this channel, or the whole server",
  choices: ["thread", "channel", "space"],
  write: (value) => (value === "thread" ? "--here" : `--${value}`),
};

const provider: CommandOption = {
  name: "provider",
  description: "Whose key it is",
  required: true,
  choices: PROVIDERS,
  write: plain,
};

const key: CommandOption = {
  name: "key",
  description: "The API key; nobody else sees it, and Parley never shows it again",
  required: true,
  write: quoted,
};

const message = (completes: string): CommandOption => ({
  name: "message",
  description: "Id of a waiting message; the latest if there is none",
  completes,
  write: plain,
});

const turn = (write: CommandOption["write"]): CommandOption => ({
  name: "turn",
  description: "Id of an earlier turn; the last one if there is none",
  write,
});

const timing: CommandOption = {
  name: "show",
  description: "timing: where the time went, for operators and admins",
  choices: ["timing"],
  write: (value) => `--${value}`,
};

/** What each command takes on Discord; those that are not named take nothing. */
export const OPTIONS: Readonly<Partial<Record<CommandName, readonly CommandOption[]>>> = {
  help: [{ name: "command", description: "Which command", completes: "help ", write: plain }],
  prefer: [
    {
      name: "answer",
      description: "Label of a standing answer",
      required: true,
      completes: "prefer ",
      write: quoted,
    },
  ],
  retry: [
    { ...team("retry with ", false), write: (value) => `with ${quoted(value)}` },
    turn((value) => `of ${quoted(value)}`),
  ],
  why: [timing, turn(quoted)],
  steer: [message("steer ")],
  restart: [message("restart ")],
  "team show": [team("team show ", false)],
  "team use": [team("team use ", true), scope],
  "team reset": [scope],
  "agents add": [agents("agents add ")],
  "agents drop": [agents("agents drop ")],
  "agents only": [agents("agents only ")],
  listen: [mode(), scope],
  usage: [period, scope],
  "budget set": [limit, holder],
  "budget reset": [holder],
  "budget allow": [grant, grantedWhere],
  "keys set": [provider, key],
  "keys remove": [provider],
};

/** Commands that somebody may give from a channel about one of its threads. */
export const ABOUT_A_THREAD: ReadonlySet<CommandName> = new Set(["stop", "status", "why", "retry"]);

/** Commands of which everybody in the thread sees the reply, unless they are refused. */
export const PUBLIC: ReadonlySet<string> = new Set([
  "stop",
  "retry",
  "steer",
  "restart",
  "team use",
  "team reset",
  "agents add",
  "agents drop",
  "agents only",
  "agents reset",
  "listen",
  "budget set",
  "budget reset",
  "budget allow",
]);
