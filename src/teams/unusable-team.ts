import { formatProblem } from "./files/team-problem.ts";
import type { Seated } from "./seats.ts";
import type { TeamBook, TeamEntry } from "./team-book.ts";
import { typed } from "../text/spelling.ts";

/** The chosen team cannot answer here. The message is for everyone; `detail` names files and variables, for admins of the installation. */
export class NoTeamError extends Error {
  override readonly name = "NoTeamError";
  readonly detail: string;

  constructor(message: string, detail: string) {
    super(message);
    this.detail = detail;
  }
}

/** A team, and why it is the one that answers. */
export interface Chosen {
  readonly name: string;
  /** `request`: named in the message; `setting`: PARLEY_TEAM; `default`: no binding applies; `demo`: no API key is set. */
  readonly because: "thread" | "channel" | "space" | "request" | "setting" | "default" | "demo";
}

type TeamsThere = Pick<TeamBook, "list"> & { readonly ownEnv?: unknown };

const WHY_CHOSEN: Readonly<Record<Chosen["because"], string>> = {
  thread: "chosen for this thread",
  channel: "chosen for this channel",
  space: "chosen for this space",
  request: "named with the question",
  setting: "the default of this installation",
  default: "the default",
  demo: "the demo",
};

const RESET: Readonly<Partial<Record<Chosen["because"], string>>> = {
  thread: `${typed("team use TEAM")} chooses another team, and ${typed("team reset")} undoes the choice.`,
  channel: `${typed("team use TEAM --channel")} chooses another team, and ${typed("team reset --channel")} undoes the choice.`,
  space: `${typed("team use TEAM --space")} chooses another team, and ${typed("team reset --space")} undoes the choice.`,
  request: `${typed("team list")} shows the teams.`,
};

const errorsOf = (entry: TeamEntry | undefined) =>
  (entry?.problems ?? []).filter(({ severity }) => severity === "error");

/** Why a team cannot be used, without paths and variables, for everyone. */
export function reasonOf(entry: TeamEntry | undefined, ownKeys = false): string {
  if (entry === undefined) return "there is no team of that name here";
  if (errorsOf(entry).some(({ cause }) => cause !== "keys")) return "its file has errors";
  return ownKeys ? "it needs API keys that this workspace has not set" : "it needs an API key";
}

const OWN_KEYS = `Its admins can set further keys (${typed("keys set")}), or remove them (${typed("keys remove")}).`;

/** Why the chosen team cannot be used. */
export function unusable(chosen: Chosen, { list, ownEnv }: TeamsThere): NoTeamError {
  const { name, because } = chosen;
  const entry = list().find((one) => one.name === name.trim().toLowerCase());
  const detail = detailOf(entry) || `there is no team file ${name}.yaml`;
  if (because === "default") {
    const message = ownEnv
      ? `no team can answer here with this workspace's own API keys. ${OWN_KEYS}`
      : "no team can answer here at present. The people who run Parley can find out why.";
    return new NoTeamError(message, `no team can answer: ${detail}`);
  }
  const which = `the team ${name}, ${WHY_CHOSEN[because]}, cannot be used`;
  const remedies = [
    ...(ownEnv && entry ? [OWN_KEYS] : []),
    RESET[because] ?? "The people who run Parley can find out more.",
  ];
  return new NoTeamError(
    `${which}: ${reasonOf(entry, Boolean(ownEnv))}. ${remedies.join(" ")}`,
    `${which}: ${detail}`,
  );
}

/** With its files and variables: where nothing but keys is missing, warnings name them. */
function detailOf(entry: TeamEntry | undefined): string {
  const errors = errorsOf(entry);
  const isKeyless = errors.length > 0 && errors.every(({ cause }) => cause === "keys");
  return (isKeyless ? (entry?.problems ?? []) : errors).map(formatProblem).join("; ");
}

/** None of the agents that people chose for the thread can answer. */
export function noSeatLeft({ team, absent }: Pick<Seated, "team" | "absent">): NoTeamError {
  const why = `none of the agents chosen for this thread can answer for the team ${team.title}: ${absent.join("; ")}. ${typed("agents reset")} brings the whole team back.`;
  return new NoTeamError(why, why);
}
