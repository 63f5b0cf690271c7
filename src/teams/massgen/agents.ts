import { z } from "zod";
import { AgentId } from "../../ids.ts";
import { type Counterpart, counterpartOf } from "./backends.ts";

/** The relevant parts of a MassGen agent. Parsed leniently, like MassGen does. */
export const MassGenAgent = z.looseObject({
  id: z.coerce.string().optional(),
  system_message: z.string().optional(),
  backend: z
    .looseObject({
      type: z.string().optional(),
      model: z.string().optional(),
      api_key: z.string().optional(),
      base_url: z.string().optional(),
      enable_web_search: z.boolean().optional(),
      reasoning: z.looseObject({ effort: z.string().optional() }).optional(),
      text: z.looseObject({ verbosity: z.string().optional() }).optional(),
      max_tokens: z.number().optional(),
      max_output_tokens: z.number().optional(),
    })
    .default({}),
});
export type MassGenAgent = z.infer<typeof MassGenAgent>;
type MassGenBackend = MassGenAgent["backend"];
type Usable = Extract<Counterpart, { type: string }>;

/** Reports a setting without a counterpart, and why. */
export type Note = (text: string) => void;

const NO_TOOLS = "Parley's agents answer in a chat and have no tools, files or shell of their own";
const NO_SAMPLING = "current models refuse it; if yours takes it, put it under options";

// Keys of an agent or its backend that Parley ignores.
const DROPPED: Readonly<Record<string, string>> = {
  temperature: NO_SAMPLING,
  top_p: NO_SAMPLING,
  top_k: NO_SAMPLING,
  cwd: NO_TOOLS,
  mcp_servers: NO_TOOLS,
  custom_tools: NO_TOOLS,
  enable_code_interpreter: NO_TOOLS,
  enable_code_execution: NO_TOOLS,
  subtask: "every agent works on the whole question",
  voting_sensitivity: "reviewers give 0–10 to every answer instead of passing one or not",
  subagent_agents: "an agent is one model; list the others as agents",
};

const READ = new Set([
  "id",
  "system_message",
  "backend",
  "type",
  "model",
  "api_key",
  "base_url",
  "text",
  "enable_web_search",
  "reasoning",
  "max_tokens",
  "max_output_tokens",
]);

const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const SEARCHES = new Set(["openai", "anthropic", "gemini"]);

/** MassGen also accepts lower-case names in ${var}. */
const isReference = (text: string) => text.includes("${");

function noteDropped(agent: MassGenAgent, note: Note) {
  for (const key of [...Object.keys(agent), ...Object.keys(agent.backend)]) {
    if (READ.has(key)) continue;
    note(`${key} is left out: ${DROPPED[key] ?? "Parley has nothing like it"}`);
  }
}

const OWN_KEY = /^\$\{(OPENAI|ANTHROPIC|GEMINI|GOOGLE)_API_KEY\}$/;

function keyOf(backend: MassGenBackend, found: Usable, note: Note): string | undefined {
  const { api_key, base_url } = backend;
  if (api_key === undefined) return unnamedKey(backend, found, note);
  if (!isReference(api_key)) {
    const variable = found.key ?? "PARLEY_KEY_IMPORTED";
    note(`the key in the file is not copied: set it as ${variable} in the environment`);
    return `\${${variable}}`;
  }
  // The backend reads its provider's variable itself.
  const isOwn = base_url === undefined && found.key === undefined && OWN_KEY.test(api_key);
  return isOwn ? undefined : api_key;
}

/** MassGen sends a provider's key to any base_url; Parley does not. */
function unnamedKey({ base_url }: MassGenBackend, { key, type }: Usable, note: Note) {
  if (key !== undefined) return `\${${key}}`;
  if (base_url === undefined || type === "compatible") return undefined;
  note(`a provider's key goes only to its own host: set PARLEY_KEY_IMPORTED for ${base_url}`);
  return "${PARLEY_KEY_IMPORTED}";
}

function searchOf(backend: MassGenBackend, { type }: Usable, note: Note): true | undefined {
  if (backend.enable_web_search !== true) return undefined;
  if (SEARCHES.has(type)) return true;
  note("enable_web_search is left out: this provider has no search of its own in Parley");
  return undefined;
}

function reasoningOf({ reasoning }: MassGenBackend, note: Note): string | undefined {
  const effort = reasoning?.effort;
  if (effort === undefined || EFFORTS.includes(effort)) return effort;
  note(`reasoning.effort ${effort} is left out: it is one of ${EFFORTS.join(", ")}`);
  return undefined;
}

function modelOf(backend: MassGenBackend, { model }: Usable, note: Note): string {
  if (backend.model !== undefined) return backend.model;
  note(`no model was named: ${model === undefined ? "fill it in" : `it gets ${model}`}`);
  return model ?? "FILL-IN-THE-MODEL";
}

const present = (entries: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));

function convertBackend(backend: MassGenBackend, found: Usable, note: Note) {
  if (found.note !== undefined) note(found.note);
  const verbosity = backend.text?.verbosity;
  return present({
    type: found.type,
    model: modelOf(backend, found, note),
    base_url: backend.base_url ?? found.baseUrl,
    api_key: keyOf(backend, found, note),
    reasoning: reasoningOf(backend, note),
    web_search: searchOf(backend, found, note),
    max_output_tokens: backend.max_output_tokens ?? backend.max_tokens,
    options:
      verbosity !== undefined && found.type === "openai" ? { text: { verbosity } } : undefined,
  });
}

/** A valid id that is not in `taken`. */
function idFor(wanted: string, taken: ReadonlySet<string>, note: Note): string {
  const plain = wanted.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, "-");
  const cut = plain.replace(/^[^a-z]+/, "").slice(0, 28) || "agent";
  let [id, count] = [cut, 1];
  while (taken.has(id)) {
    count += 1;
    id = `${cut}-${count}`;
  }
  if (id !== wanted) note(`the id ${JSON.stringify(wanted)} becomes ${id}`);
  return AgentId.parse(id);
}

/** One seat of the team file; null if the agent has no counterpart. */
export function convertAgent(
  agent: MassGenAgent,
  position: number,
  taken: ReadonlySet<string>,
  note: Note,
) {
  const wanted = agent.id ?? `agent${position}`;
  const noteHere: Note = (text) => note(`agent ${wanted}: ${text}`);
  const { backend } = agent;
  const found = counterpartOf(backend.type, backend.model, backend.base_url);
  if (found.type === null) {
    noteHere(`left out: ${backend.type ?? "its backend"} has no counterpart: ${found.why}`);
    return null;
  }
  noteDropped(agent, noteHere);
  const id = idFor(wanted, taken, noteHere);
  return present({
    id,
    name: id === wanted ? undefined : wanted.slice(0, 40),
    // Escape MassGen's placeholders, which are plain text for a model.
    instructions: agent.system_message?.trim().replaceAll("${", () => "$${") || undefined,
    backend: convertBackend(backend, found, noteHere),
  });
}
