import { stringify } from "yaml";
import { MOST_AGENTS } from "../files/team-file.ts";
import { convertAgent } from "./agents.ts";
import type { Note } from "./losses.ts";
import { ImportError, type MassGenConfig, readConfig } from "./read-config.ts";
import {
  type ConvertedSettings,
  convertSection,
  ELSEWHERE,
  ORCHESTRATOR,
  TIMEOUTS,
  UI,
} from "./settings.ts";
import { fillReferences } from "../files/environment-references.ts";
import { givenToTeams, isWithheld } from "../team-variables.ts";

/** A converted config. */
export interface ImportedTeam {
  /** The team file's text. */
  readonly yaml: string;
  /** Sentences on settings without a counterpart, or with a changed meaning. */
  readonly notes: readonly string[];
}

function convertAgents({ agents: sources }: MassGenConfig, note: Note) {
  const taken = new Set<string>();
  const agents = sources.flatMap((source, index) => {
    const agent = convertAgent(source, index + 1, taken, note);
    if (agent === null) return [];
    taken.add(agent.id);
    return [agent];
  });
  if (agents.length === 0) {
    throw new ImportError("none of the agents has a counterpart in Parley");
  }
  const rest = agents.slice(MOST_AGENTS).map(({ id }) => id);
  if (rest.length > 0) {
    note(`a team has at most ${MOST_AGENTS} agents: ${rest.join(", ")} are left out`);
  }
  return agents.slice(0, MOST_AGENTS);
}

function convertSettings(config: MassGenConfig, note: Note): ConvertedSettings {
  const orchestrator = convertSection(config.orchestrator, ORCHESTRATOR, "orchestrator.", note);
  const timeouts = convertSection(config.timeouts, TIMEOUTS, "timeout_settings.", note);
  convertSection(config.ui, UI, "ui.", note);
  convertSection(config.rest, ELSEWHERE, "", note);
  const limits = { ...orchestrator.limits, ...timeouts.limits };
  return { ...orchestrator, ...(Object.keys(limits).length > 0 ? { limits } : {}) };
}

/** Notes on the variables that the operator must set before using the file. */
function noteVariables(team: unknown, note: Note): void {
  const { references } = fillReferences(team, {});
  const names = [...new Set(references.map(({ name }) => name))];
  const withheld = names.filter(isWithheld);
  const unlisted = names.filter((name) => !isWithheld(name) && !givenToTeams({}, name));
  if (names.length > withheld.length) {
    const listed = unlisted.length > 0 ? `, and PARLEY_TEAM_ENV=${unlisted.join(",")}` : "";
    const wanted = names.filter((name) => !isWithheld(name)).join(", ");
    note(`the team file wants variables of the environment: set ${wanted}${listed}`);
  }
  for (const name of withheld) note(`${name} is never given to a team file: use another variable`);
}

/** Converts a MassGen config (YAML or JSON) into a team file. Variables stay variables. Throws `ImportError`. */
export function importMassgen(text: string): ImportedTeam {
  const notes: string[] = [];
  const note: Note = (sentence) => void notes.push(sentence);
  const config = readConfig(text);
  const agents = convertAgents(config, note);
  const { present, limits } = convertSettings(config, note);
  const alone = agents.length === 1;
  if (alone) note("a team of one: mode solo, one call instead of an answer and a vote for itself");
  const team = {
    description: "Imported from a MassGen config.",
    agents,
    ...(alone ? { mode: "solo" } : {}),
    ...(present && !alone ? { present } : {}),
    ...(limits ? { limits } : {}),
  };
  noteVariables(team, note);
  const head = "# yaml-language-server: $schema=./schema.json\n";
  return { yaml: head + stringify(team, { lineWidth: 100 }), notes };
}
