import { NoTeamError } from "../teams/unusable-team.ts";
import { agentsChange, agentsList, agentsReset } from "./run/agent-commands.ts";
import { budgetAllow, budgetReset, budgetSet, budgetShow } from "./run/budget-commands.ts";
import type { Command, CommandName, CommandOf, ParseProblem } from "./command.ts";
import { isAtLeast, levelOfCommand, usageOf } from "./command-levels.ts";
import { capitalized, privately, refused } from "./run/compose-reply.ts";
import { code, typed } from "../text/spelling.ts";
import { helpReply } from "./run/help-command.ts";
import { listenHere } from "./run/listen-command.ts";
import { keysRemove, keysSet, keysShow } from "./run/key-commands.ts";
import type { Asker, CommandPorts } from "./ports.ts";
import type { CommandReply } from "../reply.ts";
import { statsModels, statsModelsReset } from "./run/stats-commands.ts";
import { teamList, teamReload, teamReset, teamShow, teamUse } from "./run/team-commands.ts";
import {
  askTeam,
  finishTurn,
  preferAnswer,
  rateTurn,
  restartTurn,
  retryTurn,
  steerTurn,
  stopTurn,
  turnStatus,
  whyAnswer,
  whyTiming,
} from "./run/turn-commands.ts";
import { spellReply } from "./spell-reply.ts";
import { usageReport } from "./run/usage-command.ts";

/** The shared commands of every platform. */
export interface Commands {
  /**
   * Runs a command and returns its reply. For unknown and forbidden commands only the asker sees the reply. Rejects only when a port
   * does.
   */
  run(command: Command | ParseProblem, asker: Asker): Promise<CommandReply>;
}

type Runners = {
  readonly [N in CommandName]: (
    ports: CommandPorts,
    asker: Asker,
    command: CommandOf<N>,
  ) => CommandReply | Promise<CommandReply>;
};

const RUNNERS: Runners = {
  help: (_ports, { level }, { topic }) => helpReply(topic, level),
  ask: askTeam,
  stop: (ports, asker, { turn }) => stopTurn(ports, asker, turn),
  finish: (ports, asker, { turn }) => finishTurn(ports, asker, turn),
  prefer: (ports, asker, { answer }) => preferAnswer(ports, asker, answer),
  rate: rateTurn,
  retry: retryTurn,
  steer: (ports, asker, { message }) => steerTurn(ports, asker, message),
  restart: (ports, asker, { message }) => restartTurn(ports, asker, message),
  status: turnStatus,
  why: (ports, asker, { turn }) => whyAnswer(ports, asker, turn),
  "why --timing": (ports, asker, { turn }) => whyTiming(ports, asker, turn),
  "team list": teamList,
  "team show": (ports, asker, { team }) => teamShow(ports, asker, team),
  "team use": teamUse,
  "team reset": (ports, asker, { scope }) => teamReset(ports, asker, scope),
  "team reload": (ports) => teamReload(ports, false),
  "team validate": (ports) => teamReload(ports, true),
  "agents list": agentsList,
  "agents add": agentsChange,
  "agents drop": agentsChange,
  "agents only": agentsChange,
  "agents reset": agentsReset,
  listen: listenHere,
  usage: usageReport,
  "stats models": statsModels,
  "stats models reset": statsModelsReset,
  "budget show": budgetShow,
  "budget set": budgetSet,
  "budget reset": budgetReset,
  "budget allow": budgetAllow,
  "keys show": keysShow,
  "keys set": keysSet,
  "keys remove": keysRemove,
  version: ({ version }) => privately(version, []),
};

const runOne = <N extends CommandName>(
  name: N,
  command: CommandOf<N>,
  ports: CommandPorts,
  asker: Asker,
) => RUNNERS[name](ports, asker, command);

const unknown = ({ problem, suggestions }: ParseProblem): CommandReply =>
  refused(
    problem,
    suggestions.length > 0 ? [`Try ${suggestions.map(suggested).join(" or ")}.`] : [],
  );

/** A flag alone is no command. */
const suggested = (words: string): string => (words.startsWith("-") ? code(words) : typed(words));

const WHO = {
  everyone: "everyone",
  operator: "operators and admins",
  admin: "admins",
  installation: "the people who run this installation",
} as const;

const WHY_NOT = {
  everyone: "",
  operator: "The team file lists operators and admins under access.",
  admin: "The team file lists admins under access.",
  installation: "It affects every workspace that Parley serves.",
} as const;

function forbidden(command: Command, { level }: Asker): CommandReply {
  const needed = levelOfCommand(command);
  const allowed = usageOf(command.name, level);
  const reach = "scope" in command && command.scope !== "thread" ? ` --${command.scope}` : "";
  return refused(`${typed(command.name + reach)} is for ${WHO[needed]}`, [
    allowed === null
      ? `${typed("help")} shows what you can do. ${WHY_NOT[needed]}`
      : `You can use ${typed(allowed)}.`,
  ]);
}

export function createCommands(ports: CommandPorts): Commands {
  return {
    run: async (command, asker) =>
      spellReply(await replyTo(ports, command, asker), ports.spellFor(asker)),
  };
}

async function replyTo(
  ports: CommandPorts,
  command: Command | ParseProblem,
  asker: Asker,
): Promise<CommandReply> {
  if (command.name === "problem") return unknown(command);
  if (!isAtLeast(asker.level, levelOfCommand(command))) return forbidden(command, asker);
  try {
    return await runOne(command.name, command, ports, asker);
  } catch (error) {
    if (error instanceof NoTeamError)
      return refused("No team can answer here", [
        asker.level === "installation" ? error.detail : capitalized(error.message),
      ]);
    throw error;
  }
}
