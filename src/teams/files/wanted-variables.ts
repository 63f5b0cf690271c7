import type { Env } from "../../backends/keys.ts";
import { givenToTeams, isWithheld } from "../team-variables.ts";
import type { Reference } from "./environment-references.ts";
import { valueAt } from "./value-text.ts";

/** A variable that a team file refers to, and the host that receives its value. */
export interface WantedVariable {
  readonly name: string;
  /** "api.x.ai", "its provider" if the file has no base_url, or "the program opencode". */
  readonly host: string;
}

/** Lists the variables and their hosts, without duplicates. `value` is the file with references resolved. */
export function wantedVariables(
  references: readonly Reference[],
  value: unknown,
): readonly WantedVariable[] {
  const wanted = references.map(({ name, path }) => {
    const isInside = path.at(-2) === "headers" || path.at(-2) === "env";
    const backend = isInside ? path.slice(0, -2) : path.slice(0, -1);
    const command = valueAt(value, [...backend, "command"]);
    if (typeof command === "string") return { name, host: `the program ${command}` };
    return { name, host: hostOf(valueAt(value, [...backend, "base_url"])) };
  });
  return wanted.filter(
    (one, at) =>
      wanted.findIndex(({ name, host }) => name === one.name && host === one.host) === at,
  );
}

function hostOf(url: unknown): string {
  if (typeof url !== "string") return "its provider";
  const host = URL.canParse(url) ? new URL(url).host : "";
  return host === "" || host === "unset.invalid" ? "the address it stands in" : host;
}

function stateOf(name: string, env: Env): string {
  if (isWithheld(name)) return "never given to a team file";
  const isSet = Boolean(env[name]?.trim());
  if (givenToTeams(env, name)) return isSet ? "set" : "not set";
  return `${isSet ? "" : "not set, "}not listed in PARLEY_TEAM_ENV`;
}

/** One line per variable: `teams/grok.yaml wants XAI_API_KEY for api.x.ai (not set, not listed in PARLEY_TEAM_ENV)`. */
export const formatWanted = (
  file: string,
  wanted: readonly WantedVariable[],
  env: Env,
): readonly string[] =>
  wanted.map(({ name, host }) => `${file} wants ${name} for ${host} (${stateOf(name, env)})`);
