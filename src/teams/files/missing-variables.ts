import type { LeftOut } from "../team.ts";
import type { ReferenceProblem } from "./environment-references.ts";
import type { Explained } from "./explain-issue.ts";
import type { AgentEntry, TeamFile } from "./team-file.ts";
import type { Path } from "./yaml-source.ts";

/** How a team works without a part of its file. */
const WITHOUT = {
  backend: "this seat is left out",
  fallback: "this seat has no fallback",
  router: "the team's cheapest model decides instead",
} as const;
type Part = keyof typeof WITHOUT;

/** A part of a team file that refers to a variable that is not set, or not allowed for team files. */
export interface MissingPart {
  readonly part: Part;
  /** The index of the seat; null for the router. */
  readonly seat: number | null;
  readonly warning: Explained;
}

/** The optional part that contains a path; null if the team needs it. */
function partAt(path: Path): Pick<MissingPart, "part" | "seat"> | null {
  const [first, seat, part] = path;
  if (first === "router") return { part: "router", seat: null };
  const isSeat = first === "agents" && typeof seat === "number";
  return isSeat && (part === "backend" || part === "fallback") ? { part, seat } : null;
}

/** Null if the file itself is invalid. */
export function missingPart({ path, message, isMissing }: ReferenceProblem): MissingPart | null {
  const found = isMissing ? partAt(path) : null;
  if (found === null) return null;
  const warning = { path, part: "value", message: `${message}; ${WITHOUT[found.part]}` } as const;
  return { ...found, warning };
}

const seatOf = ({ id, name }: AgentEntry): LeftOut => ({ id, name: name ?? id });

/** The file without these parts, and the omitted seats. */
export function withoutParts(file: TeamFile, missing: readonly MissingPart[]) {
  const lacks = (part: Part, seat: number | null) =>
    missing.some((one) => one.part === part && one.seat === seat);
  const all = file.agents === "auto" ? [] : file.agents;
  const isLeftOut = (_: unknown, index: number) => lacks("backend", index);
  const agents = all
    .map((agent, index) => (lacks("fallback", index) ? { ...agent, fallback: undefined } : agent))
    .filter((agent, index) => !isLeftOut(agent, index));
  return {
    file: {
      ...file,
      agents: file.agents === "auto" ? file.agents : agents,
      router: lacks("router", null) ? undefined : file.router,
    },
    leftOut: all.filter(isLeftOut).map(seatOf),
  };
}
