import type { z } from "zod";
import type { BackendConfig } from "../../backends/config.ts";
import { type Env, keyNames, missingKey } from "../../backends/keys.ts";
import { Policy } from "../../coordination/policy.ts";
import { AUTO_KEYS, autoAgents, LOCAL_LIMITS, type FoundLocally } from "../auto-agents.ts";
import { fillReferences } from "./environment-references.ts";
import { type Explained, explainIssue } from "./explain-issue.ts";
import { missingPart, withoutParts } from "./missing-variables.ts";
import { type AgentEntry, TeamFile } from "./team-file.ts";
import { checkTeam } from "./team-checks.ts";
import type { TeamProblem } from "./team-problem.ts";
import { createSchemaKeys } from "./team-schema.ts";
import type { Agent, Team } from "../team.ts";
import { valueAt } from "./value-text.ts";
import { wantedVariables, type WantedVariable } from "./wanted-variables.ts";
import { parseYaml, type Path, type YamlSource } from "./yaml-source.ts";

/** The source of a team file. */
export interface TeamSource {
  /** The team's name: the file name without extension. */
  readonly name: string;
  /** The path shown in error messages. */
  readonly file: string;
  readonly text: string;
}

export interface ReadTeamOptions {
  readonly env: Env;
  readonly priceKnown: (backend: BackendConfig) => boolean;
  /** Tokens that a backend's model reads. Default: enough for any team. */
  readonly windowOf?: ((backend: BackendConfig) => number) | undefined;
  /** What this machine offers, for `agents: auto` without a key. */
  readonly local?: FoundLocally | undefined;
}

/** `team` is null if any problem is an error. */
export interface ReadTeam {
  readonly team: Team | null;
  readonly problems: readonly TeamProblem[];
  /** The variables that the file refers to, and the hosts that receive them. */
  readonly wanted: readonly WantedVariable[];
}

type Report = (finding: Explained, severity?: TeamProblem["severity"]) => TeamProblem;

const FROM_MASSGEN = ["orchestrator", "ui", "timeout_settings", "agent"];

const samePath = (a: Path, b: Path) => a.length === b.length && a.every((x, i) => x === b[i]);

/** Hints about the whole file come first. */
function wholeFile(value: unknown): string | null {
  if (value === null || value === undefined) {
    return "the file is empty: a team needs at least `agents`, a list of seats or the word auto";
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    return "a team file is a mapping of keys to values, starting with `agents:`";
  }
  return FROM_MASSGEN.some((key) => key in value)
    ? "this looks like a MassGen config: convert it with `parley teams import FILE`"
    : null;
}

const agentOf = ({ id, name, instructions, backend, fallback }: AgentEntry): Agent => ({
  id,
  name: name ?? id,
  instructions: instructions ?? "",
  backend,
  fallback: fallback ?? null,
});

/** Gives backends that do not set their `concurrency` the team's. */
function withConcurrency(agent: Agent, concurrency: number | undefined): Agent {
  if (concurrency === undefined) return agent;
  const { backend, fallback } = agent;
  return {
    ...agent,
    backend: { concurrency, ...backend },
    fallback: fallback && { concurrency, ...fallback },
  };
}

function assemble(
  name: string,
  file: Omit<TeamFile, "agents">,
  { agents, leftOut }: Pick<Team, "agents" | "leftOut">,
): Team {
  const { mode, tally, ballot, scoreboard, present, during_turn, settle, status, limits } = file;
  const policy = { mode, tally, ballot, scoreboard, present, during_turn, settle, status, limits };
  return {
    name,
    title: file.name ?? name,
    description: file.description ?? "",
    agents: agents.map((agent) => withConcurrency(agent, file.concurrency)),
    leftOut,
    instructions: file.instructions ?? "",
    policy: Policy.parse(policy),
    cache: file.cache,
    router: file.router ?? null,
    access: file.access,
    spaces: file.spaces === undefined ? null : [file.spaces].flat(),
  };
}

const reporter =
  (source: TeamSource, yaml: YamlSource): Report =>
  ({ path, part, message }, severity = "error") => ({
    team: source.name,
    file: source.file,
    ...yaml.at(path, part),
    message,
    severity,
    cause: "file",
  });

function explain(issues: readonly z.core.$ZodIssue[], value: unknown): readonly Explained[] {
  const keys = issues.length > 0 ? createSchemaKeys() : null;
  return keys === null ? [] : issues.flatMap((issue) => explainIssue(issue, value, keys));
}

/** Schema errors, except those that a broken reference or a mistyped key already explains. */
function parseFile(value: unknown, env: Env) {
  const filled = fillReferences(value, env);
  const missing = filled.problems.flatMap((problem) => missingPart(problem) ?? []);
  const broken = filled.problems.filter((problem) => missingPart(problem) === null);
  const parsed = TeamFile.safeParse(filled.value);
  const explained = explain(parsed.error?.issues ?? [], filled.value);
  const known = [
    ...filled.problems.map(({ path }) => path),
    ...explained.flatMap(({ meant }) => (meant ? [meant] : [])),
  ];
  const findings: Explained[] = [
    ...broken.map((problem) => ({ ...problem, part: "value" as const })),
    ...explained.filter(({ path }) => !known.some((other) => samePath(other, path))),
  ];
  return {
    file: findings.length === 0 && parsed.success ? parsed.data : null,
    findings,
    missing,
    wanted: wantedVariables(filled.references, filled.value),
  };
}

const inOrder = (problems: readonly TeamProblem[]): readonly TeamProblem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column);

/** The file is valid, but none of its agents can run here; nothing if one can. */
function whyNobody(
  agents: readonly Agent[],
  isAuto: boolean,
  { env, report }: { readonly env: Env; readonly report: Report },
): readonly TeamProblem[] {
  const message = agents.length === 0 ? noSeat(isAuto) : keyless(agents, env);
  if (message === null) return [];
  return [{ ...report({ path: ["agents"], part: "value", message }), cause: "keys" }];
}

const noSeat = (isAuto: boolean): string =>
  isAuto
    ? `agents: auto found no API key: set ${AUTO_KEYS}`
    : "no seat is left: each refers to a missing variable";

/** Null: at least one seat, or its fallback, has the key that it needs. */
function keyless(agents: readonly Agent[], env: Env): string | null {
  const backends = agents.flatMap(({ backend, fallback }) => [backend, fallback ?? []].flat());
  if (backends.some((backend) => missingKey(backend, env) === null)) return null;
  const names = [...new Set(backends.flatMap((backend) => keyNames(backend, env)))];
  const set = names.length === 0 ? "" : `set ${names.join(", ")}, or `;
  return `no seat has an API key: ${set}give the seats an api_key`;
}

/** The file with the limits of local models, where it has none of its own. */
function slowed(file: TeamFile, written: (key: string) => unknown): TeamFile {
  const longer = Object.entries(LOCAL_LIMITS).filter(([key]) => written(key) === undefined);
  return { ...file, limits: { ...file.limits, ...Object.fromEntries(longer) } };
}

/** Reads one team file. Reports all problems at once, with line numbers. Never throws. */
export function readTeam(
  source: TeamSource,
  { env, priceKnown, windowOf, local }: ReadTeamOptions,
): ReadTeam {
  const yaml = parseYaml(source.text);
  const report = reporter(source, yaml);
  const failed = (problems: readonly TeamProblem[], wanted: ReadTeam["wanted"] = []): ReadTeam => ({
    team: null,
    problems: inOrder(problems),
    wanted,
  });
  if (yaml.errors.length > 0) {
    return failed(
      yaml.errors.map((error) => ({
        ...report({ path: [], part: "value", message: "" }),
        ...error,
      })),
    );
  }
  const hint = wholeFile(yaml.value);
  if (hint !== null) return failed([report({ path: [], part: "value", message: hint })]);
  const { file, findings, missing, wanted } = parseFile(yaml.value, env);
  const warnings = missing.map(({ warning }) => report(warning, "warning"));
  if (file === null) {
    return failed([...findings.map((finding) => report(finding)), ...warnings], wanted);
  }
  const checked = checkTeam(file, {
    env,
    priceKnown,
    windowOf,
    written: (path) => valueAt(yaml.value, path),
  });
  const { leftOut, file: usable } = withoutParts(file, missing);
  const agents =
    usable.agents === "auto" ? autoAgents(env, file.mode, local) : usable.agents.map(agentOf);
  const isAuto = usable.agents === "auto";
  const isLocal = isAuto && agents[0]?.backend.type === "compatible";
  const problems = inOrder([
    ...checked.map((found) => report(found, found.severity)),
    ...warnings,
    ...whyNobody(agents, isAuto, { env, report }),
  ]);
  const broken = problems.some(({ severity }) => severity === "error");
  const fit = isLocal ? slowed(usable, (key) => valueAt(yaml.value, ["limits", key])) : usable;
  const team = broken ? null : assemble(source.name, fit, { agents, leftOut });
  return { team, problems, wanted };
}
