import { z } from "zod";
import { explainIssue } from "../files/explain-issue.ts";
import { createSchemaKeys } from "../files/team-schema.ts";
import { parseYaml, type YamlSource } from "../files/yaml-source.ts";

/** The text is not a MassGen config; the message says what is missing. */
export class ImportError extends Error {
  override readonly name = "ImportError";
}

const Mapping = z.record(z.string(), z.unknown());
export type Mapping = z.infer<typeof Mapping>;

/** A value as a mapping; `{}` if it is none. */
export const mappingOf = (value: unknown): Mapping => Mapping.safeParse(value).data ?? {};

/** An agent as MassGen reads it. Only its structure is checked: wrong values cost a note, not the file. */
const MassGenAgent = z.looseObject({
  id: z.coerce.string().optional(),
  backend: z.looseObject({}).nullish(),
});
export interface MassGenAgent {
  readonly id?: string | undefined;
  readonly backend: Mapping;
  /** `system_message`, and what Parley does not read. */
  readonly [key: string]: unknown;
}

const Section = Mapping.nullish();
const Config = z.looseObject({
  agent: MassGenAgent.nullish(),
  agents: z.union([z.array(MassGenAgent), z.record(z.string(), MassGenAgent)]).nullish(),
  orchestrator: Section,
  timeout_settings: Section,
  ui: Section,
});

export interface MassGenConfig {
  readonly agents: readonly MassGenAgent[];
  readonly orchestrator: Mapping;
  readonly timeouts: Mapping;
  readonly ui: Mapping;
  /** The other keys at the top. */
  readonly rest: Mapping;
}

const NONE = "this is no MassGen config: it has neither `agents` nor `agent`";

/** Parses a config, YAML or JSON, of any version. Throws an `ImportError`. */
export function readConfig(text: string): MassGenConfig {
  const yaml = parseYaml(text);
  const [broken] = yaml.errors;
  if (broken) throw new ImportError(`line ${broken.line}: ${broken.message}`);
  if (!Mapping.safeParse(yaml.value).success) throw new ImportError(NONE);
  const parsed = Config.safeParse(yaml.value);
  if (!parsed.success) throw wrongShape(parsed.error, yaml);
  const { agent, agents, orchestrator, timeout_settings, ui, ...rest } = parsed.data;
  const found = agentsIn({ agent, agents });
  if (found.length === 0) throw new ImportError(NONE);
  return {
    agents: found,
    orchestrator: orchestrator ?? {},
    timeouts: timeout_settings ?? {},
    ui: ui ?? {},
    rest,
  };
}

function wrongShape({ issues }: z.ZodError, yaml: YamlSource): ImportError {
  const [explained] = issues.flatMap((issue) =>
    explainIssue(issue, yaml.value, createSchemaKeys()),
  );
  const { line } = yaml.at(explained?.path ?? []);
  return new ImportError(`line ${line}: this is no MassGen config: ${explained?.message}`);
}

function agentsIn({
  agent,
  agents,
}: Pick<z.infer<typeof Config>, "agent" | "agents">): readonly MassGenAgent[] {
  const listed = Array.isArray(agents) ? agents : named(agents ?? {});
  return [...listed, ...(agent ? [agent] : [])].map(modern).flatMap(unwrap);
}

/** Agents as a mapping from ids. */
const named = (agents: Readonly<Record<string, z.infer<typeof MassGenAgent>>>) =>
  Object.entries(agents).map(([id, agent]) => ({ id, ...agent }));

/** The first versions wrote `agent_id`, `agent_type` and `model_config`. */
function modern(agent: z.infer<typeof MassGenAgent>): MassGenAgent {
  const { agent_id, agent_type, model_config, backend, ...rest } = agent;
  const old = mappingOf(model_config);
  const type = agent_type === undefined ? {} : { type: agent_type };
  const number = z.union([z.string(), z.number()]).safeParse(agent_id);
  const id = agent.id ?? (number.success ? `agent${number.data}` : undefined);
  return {
    ...rest,
    ...(id === undefined ? {} : { id }),
    backend: { ...type, ...old, ...mappingOf(backend) },
  };
}

const API_TYPES = new Map<unknown, string>([
  ["openai", "openai"],
  ["azure", "azure_openai"],
  ["anthropic", "claude"],
  ["google", "gemini"],
  ["groq", "groq"],
  ["together", "together"],
  ["cerebras", "cerebras"],
]);

/** AG2 wraps agents of its own; each of them becomes an agent of the team. */
function unwrap(agent: MassGenAgent): readonly MassGenAgent[] {
  const { agent_config, group_config, type } = agent.backend;
  if (type !== "ag2" || (agent_config === undefined && group_config === undefined)) return [agent];
  const group = mappingOf(group_config);
  const members = Array.isArray(group["agents"]) ? group["agents"] : [agent_config];
  return members.map((member: unknown) => {
    const { name, system_message, llm_config = group["llm_config"], ...others } = mappingOf(member);
    const { api_type, config_list, ...llm } = mappingOf(llm_config);
    const first = Array.isArray(config_list) ? mappingOf(config_list[0]) : {};
    const kind = API_TYPES.get(first["api_type"] ?? api_type);
    const { api_type: _, ...rest } = first;
    return {
      ...(members.length === 1 || typeof name !== "string" ? { id: agent.id } : { id: name }),
      ...(system_message === undefined ? {} : { system_message }),
      ...(others["code_execution_config"] ? { code_execution_config: true } : {}),
      backend: { ...(kind === undefined ? {} : { type: kind }), ...llm, ...rest },
    };
  });
}
