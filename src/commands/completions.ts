import { PROVIDERS } from "../backends/keys.ts";
import { HOLDERS } from "../budgets/format-refusal.ts";
import { LIMIT_EXAMPLES } from "../budgets/limit.ts";
import { SET_REACHES } from "../budgets/reach.ts";
import { parseConversationId } from "../ids.ts";
import { type CommandName, PERIODS } from "./command.ts";
import { SCOPE_FLAGS, scopesFor, usageOf } from "./command-levels.ts";
import { COMMAND_NAMES, COMMANDS } from "./command-table.ts";
import { LISTENING_MODES } from "../teams/listening.ts";
import { HERE } from "./run/describe-team.ts";
import { ANSWERED } from "./run/listen-command.ts";
import type { Asker, CommandPorts } from "./ports.ts";
import { teamsThere } from "./run/team-commands.ts";

/** A completion of the beginning of a command. */
export interface Completion {
  /** The whole command so far, in place of what was typed. */
  readonly text: string;
  readonly description: string;
}

type Ports = Pick<CommandPorts, "teams" | "bindings" | "turns">;
type Source = (
  ports: Ports,
  asker: Asker,
) => readonly Completion[] | Promise<readonly Completion[]>;

const teams: Source = async (ports, asker) =>
  (await teamsThere(ports, asker))
    .list()
    .filter(({ team }) => team !== null)
    .map(({ name, team }) => ({ text: name, description: team?.description ?? "" }));

const seated: Source = async ({ bindings }, { conversation }) => {
  const { team } = await bindings.resolve(parseConversationId(conversation));
  return team.agents.map(({ id, name }) => ({ text: id, description: name }));
};

/** Agents that do not take part here: removed ones of the team, and those of other teams. */
const absent: Source = async (ports, asker) => {
  const { conversation } = asker;
  const { team, seats } = await ports.bindings.resolve(parseConversationId(conversation));
  const present = new Set(seats.map(({ ref }) => ref));
  return (await teamsThere(ports, asker)).list().flatMap(({ name, team: other }) =>
    (other?.agents ?? [])
      .map((agent) => ({
        text: name === team.name ? agent.id : `${name}/${agent.id}`,
        description: agent.name,
      }))
      .filter(({ text }) => !present.has(text)),
  );
};

const standing: Source = async ({ turns }, { conversation }) => {
  const view = await turns.status(conversation);
  return (view?.agents ?? []).flatMap(({ label, name }) =>
    label === null ? [] : [{ text: label, description: name }],
  );
};

const commandNames: Source = (_ports, { level }) =>
  COMMAND_NAMES.filter((name) => usageOf(name, level) !== null).map((name) => ({
    text: name,
    description: COMMANDS[name].summary,
  }));

const scopeFlags =
  (name: CommandName): Source =>
  (_ports, { level }) =>
    scopesFor(name, level).map((scope) => ({ text: SCOPE_FLAGS[scope], description: HERE[scope] }));

const usageWords: Source = async (ports, asker) => [
  ...PERIODS.map((period) => ({ text: period, description: "" })),
  ...(await scopeFlags("usage")(ports, asker)),
];

const words =
  (...texts: readonly string[]): Source =>
  () =>
    texts.map((text) => ({ text, description: "" }));

const reachFlags: Source = () =>
  SET_REACHES.map((reach) => ({ text: `--${reach}`, description: HOLDERS[reach] }));

const listenWords: Source = () =>
  LISTENING_MODES.map((mode) => ({ text: mode, description: ANSWERED[mode] }));

/** The completions after certain words. */
interface Argument {
  /** Matches the words before the one being typed. */
  readonly after: RegExp;
  readonly source: Source;
}

const ARGUMENTS: readonly Argument[] = [
  { after: /^help /, source: commandNames },
  { after: /^(ask --team|retry with|retry|team show|team use) $/, source: teams },
  { after: /^team use \S+ $/, source: scopeFlags("team use") },
  { after: /^team reset $/, source: scopeFlags("team reset") },
  { after: /^prefer $/, source: standing },
  { after: /^agents add (\S+ )*$/, source: absent },
  { after: /^agents (drop|only) (\S+ )*$/, source: seated },
  { after: /^listen $/, source: listenWords },
  { after: /^listen \S+ $/, source: scopeFlags("listen") },
  { after: /^budget set $/, source: words(...LIMIT_EXAMPLES) },
  { after: /^budget set \S+ $/, source: reachFlags },
  { after: /^budget reset $/, source: reachFlags },
  { after: /^keys (set|remove) $/, source: words(...PROVIDERS) },
  { after: /^budget allow $/, source: words("1", "3", "2h", "today", "off") },
  { after: /^budget allow \S+ $/, source: words(...Object.values(SCOPE_FLAGS)) },
  { after: /^usage (\S+ )*$/, source: usageWords },
];

/**
 * All completions of the beginning of a command (without its "/" or "!"), for a terminal's Tab and Discord's autocomplete. Adapters cut
 * the list to what their platform shows. Rejects when a port does.
 */
export async function completions(
  prefix: string,
  ports: Ports,
  asker: Asker,
): Promise<readonly Completion[]> {
  const typed = prefix.trimStart().toLowerCase();
  const words = typed.slice(0, typed.lastIndexOf(" ") + 1);
  const argument = ARGUMENTS.find(({ after }) => after.test(words));
  const head = argument?.after.exec(words)?.[0] ?? "";
  const found = argument
    ? (await argument.source(ports, asker)).map((item) => ({ ...item, text: head + item.text }))
    : await commandNames(ports, asker);
  return found.filter(({ text }) => text.toLowerCase().startsWith(typed));
}
