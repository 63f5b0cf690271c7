import { z } from "zod";
import { stringify } from "yaml";
import { convertAgent, MassGenAgent, type Note } from "./agents.ts";
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
import { parseYaml } from "../files/yaml-source.ts";

/** A converted config. */
export interface ImportedTeam {
  /** The team file's text. */
  readonly yaml: string;
  /** Sentences on settings without a counterpart, or with a changed meaning. */
  readonly notes: readonly string[];
}

/** The text is not a MassGen config; the message says what is missing. */
export class ImportError extends Error {
  override readonly name = "ImportError";
}

const Section = z.record(z.string(), z.unknown()).nullish();

const MassGenConfig = z.looseObject({
  agent: MassGenAgent.optional(),
  agents: z.array(MassGenAgent).optional(),
  orchestrator: Section,
  timeout_settings: Section,
  ui: Section,
});
type MassGenConfig = z.infer<typeof MassGenConfig>;

const SECTIONS = new Set(["agent", "agents", "orchestrator", "timeout_settings", "ui"]);

function parseConfig(text: string): MassGenConfig {
  const yaml = parseYaml(text);
  const [broken] = yaml.errors;
  if (broken) throw new ImportError(`line ${broken.line}: ${broken.message}`);
  const parsed = MassGenConfig.safeParse(yaml.value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const { line } = yaml.at(issue?.path ?? []);
  throw new ImportError(`line ${line}: this is no MassGen config: ${issue?.message}`);
}

function convertAgents(config: MassGenConfig, note: Note) {
  const sources = [...(config.agents ?? []), ...(config.agent ? [config.agent] : [])];
  if (sources.length === 0) {
    throw new ImportError("this is no MassGen config: it has neither `agents` nor `agent`");
  }
  const taken = new Set<string>();
  const agents = sources.flatMap((source, index) => {
    const agent = convertAgent(source, index + 1, taken, note);
    if (agent === null) return [];
    taken.add(String(agent["id"]));
    return [agent];
  });
  if (agents.length === 0) {
    throw new ImportError("none of the agents has a counterpart in Parley");
  }
  return agents;
}

function convertSettings(config: MassGenConfig, note: Note): ConvertedSettings {
  const rest = Object.fromEntries(Object.entries(config).filter(([key]) => !SECTIONS.has(key)));
  const orchestrator = convertSection(
    config.orchestrator ?? {},
    ORCHESTRATOR,
    "orchestrator.",
    note,
  );
  const timeouts = convertSection(
    config.timeout_settings ?? {},
    TIMEOUTS,
    "timeout_settings.",
    note,
  );
  convertSection(config.ui ?? {}, UI, "ui.", note);
  convertSection(rest, ELSEWHERE, "", note);
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
  const config = parseConfig(text);
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
