import { AgentId } from "../../ids.ts";
import { counterpartOf } from "./backends.ts";
import { convertBackend, isConverted } from "./convert-backend.ts";
import { lostTools, type Note, reasonFor } from "./losses.ts";
import type { MassGenAgent } from "./read-config.ts";

const textOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

/** MassGen reads the system message at the agent, earlier versions at the backend; Claude Code appends another one. */
const instructionsOf = ({ system_message, append_system_prompt, backend }: MassGenAgent): string =>
  [
    system_message ?? backend["system_message"],
    append_system_prompt ?? backend["append_system_prompt"],
  ]
    .map(textOf)
    .filter((text) => text !== "")
    .join("\n\n");

const NO_TOOLS_HERE =
  "You have no tools, files or shell here. Where these instructions name one, do that work in your answer, or say what you could not do.";

/** The instructions of the seat; undefined if it has none. */
function convertInstructions(agent: MassGenAgent, note: Note): string | undefined {
  const text = instructionsOf(agent);
  const kept = new Set(agent.backend["enable_web_search"] === true ? ["web search"] : []);
  const lost = lostTools(text, agent.backend, kept);
  if (lost.length > 0) {
    note(
      `its instructions speak of tools that are gone (${lost.join(", ")}): it is told so in a last line; better rewrite them`,
    );
  }
  // Escape MassGen's placeholders, which are plain text for a model.
  const escaped = text.replaceAll("${", () => "$${");
  return [escaped, ...(lost.length > 0 ? [NO_TOOLS_HERE] : [])].join("\n\n").trim() || undefined;
}

const READ_OF_AGENT = new Set(["id", "system_message", "append_system_prompt", "backend"]);

function noteDropped(agent: MassGenAgent, type: string, note: Note) {
  const keys = [
    ...Object.keys(agent).filter((key) => !READ_OF_AGENT.has(key)),
    ...Object.entries(agent.backend)
      .filter(([key, value]) => value !== null && value !== false && !isConverted(key, type))
      .map(([key]) => key),
  ];
  for (const key of keys) note(`${key} is left out: ${reasonFor(key)}`);
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
  const { id: named } = agent;
  const wanted = named || `agent${position}`;
  const noteHere: Note = (text) => note(`agent ${wanted}: ${text}`);
  const { type, model, base_url } = agent.backend;
  const found = counterpartOf(textOf(type), textOf(model), textOf(base_url) || undefined);
  if (found.type === null) {
    const which = textOf(type) || "its backend";
    noteHere(`left out: ${which} has no counterpart: ${found.why}`);
    return null;
  }
  const backend = convertBackend(agent.backend, found, noteHere);
  noteDropped(agent, found.type, noteHere);
  const id = idFor(wanted, taken, noteHere);
  const instructions = convertInstructions(agent, noteHere);
  return {
    id,
    ...(id === wanted ? {} : { name: wanted.slice(0, 40) }),
    ...(instructions === undefined ? {} : { instructions }),
    backend,
  };
}
