import { parseConversationId } from "../../ids.ts";
import { nearest } from "../../text/nearest.ts";
import type { ResolvedTeam, Scope } from "../../teams/bindings.ts";
import { NO_SEATS, seatTeam } from "../../teams/seats.ts";
import type { TeamEntry } from "../../teams/team-book.ts";
import { formatProblem } from "../../teams/files/team-problem.ts";
import type { Team } from "../../teams/team.ts";
import { NoTeamError, reasonOf } from "../../teams/unusable-team.ts";
import { signature } from "../../text/signature.ts";
import { code, typed } from "../../text/spelling.ts";
import type { TeamsThere } from "../../tenants/visible-teams.ts";
import { capitalized, plain, privately, publicly, refused, WHO_KNOWS } from "./compose-reply.ts";
import { agentsTable, formatBecause, HERE, policyLines, concessionLines } from "./describe-team.ts";
import type { Asker, CommandPorts } from "../ports.ts";
import type { CommandReply, ReplyBlock } from "../../reply.ts";

type Ports = Pick<CommandPorts, "teams" | "bindings" | "concessions">;

/** Who did it, as bindings keep it. */
export const signedBy = (asker: Asker): string => signature(whoIs(asker), asker.person.name);

/** `{platform}:{person}`. */
export const whoIs = ({ conversation, person }: Asker): string =>
  `${parseConversationId(conversation).platform}:${person.id}`;

/** The team that answers where somebody asks. Throws `NoTeamError`. */
export const teamHere = ({ bindings }: Ports, { conversation }: Asker): Promise<ResolvedTeam> =>
  bindings.resolve(parseConversationId(conversation));

/** The team that answers where somebody asks, or the sentence that says why none can. */
export async function teamHereOrWhy(
  ports: Ports,
  asker: Asker,
): Promise<{ readonly here: ResolvedTeam } | { readonly why: string }> {
  try {
    return { here: await teamHere(ports, asker) };
  } catch (error) {
    if (!(error instanceof NoTeamError)) throw error;
    return { why: plain(asker.level === "installation" ? error.detail : error.message) };
  }
}

const stateOf = ({ team, problems }: TeamEntry): string => {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (team === null) return errors[0]?.cause === "keys" ? "needs an API key" : "cannot be used";
  if (errors.length === 0 && team.leftOut.length > 0) {
    return `without ${team.leftOut.map(({ name }) => plain(name)).join(", ")}`;
  }
  return errors.length > 0 ? "file has errors; the last valid version is used" : "";
};

/** The teams that people of a workspace see. */
export const teamsThere = (
  { teams }: Pick<Ports, "teams">,
  { conversation }: Pick<Asker, "conversation">,
) => teams.in(parseConversationId(conversation));

/** The teams that somebody may look at; the people who run the installation see those of every workspace. */
const teamsFor = async (ports: Pick<Ports, "teams">, asker: Asker): Promise<TeamsThere> =>
  asker.level === "installation" ? ports.teams.all : teamsThere(ports, asker);

const elsewhere = ({ team }: TeamEntry): string =>
  team?.spaces ? `for ${team.spaces.join(", ")}` : "for no workspace: its file lists no spaces";

/** `team list`. */
export async function teamList(ports: Ports, asker: Asker): Promise<CommandReply> {
  const here = await teamHere(ports, asker).catch(() => null);
  const there = (await teamsThere(ports, asker)).list();
  const rows = (await teamsFor(ports, asker))
    .list()
    .map((entry) => [
      entry.name === here?.team.name ? `${entry.name} *` : entry.name,
      entry.team?.agents.map(({ name }) => name).join(", ") ?? "",
      [
        entry.team?.description ?? "",
        stateOf(entry),
        there.some(({ name }) => name === entry.name) ? "" : elsewhere(entry),
      ]
        .filter(Boolean)
        .join(" – "),
    ]);
  const table: ReplyBlock = { type: "table", columns: ["Team", "Agents", ""], rows };
  const lines = [
    ...(here ? [`\\* answers here: ${formatBecause(here)}.`] : []),
    `Use ${typed("team use TEAM")} to switch teams here.`,
    ...(asker.level === "installation" ? unseenLines(ports) : []),
  ];
  return privately("Teams", lines, [table]);
}

const unseenLines = ({ teams }: Pick<Ports, "teams">): readonly string[] => {
  const unseen = teams.unseen();
  return unseen === null ? [] : [unseen];
};

const brokenBlock = (entry: TeamEntry): ReplyBlock => ({
  type: "code",
  language: "",
  text: entry.problems.map(formatProblem).join("\n"),
});

/** The named team of a workspace, or the refusal that says why it cannot answer. */
export const findTeam = async (
  ports: Pick<Ports, "teams">,
  asker: Pick<Asker, "conversation" | "level">,
  name: string,
): Promise<Team | CommandReply> => {
  const there = await teamsThere(ports, asker);
  return pickTeam(there, asker, name, there.ownEnv !== null);
};

function pickTeam(
  teams: TeamsThere,
  { level }: Pick<Asker, "level">,
  name: string,
  ownKeys = false,
): Team | CommandReply {
  const team = teams.get(name);
  if (team) return team;
  const entries = teams.list();
  const broken = entries.find((entry) => entry.name === name.toLowerCase());
  if (broken) {
    const isTold = level === "installation";
    return refused(
      `The team ${plain(name)} cannot be used`,
      isTold ? [] : [`${capitalized(reasonOf(broken, ownKeys))}. ${WHO_KNOWS}`],
      isTold ? [brokenBlock(broken)] : [],
    );
  }
  const names = entries.map((entry) => entry.name);
  const near = nearest(name, names);
  const hint =
    near === null ? `Available teams: ${names.join(", ")}.` : `Did you mean ${code(near)}?`;
  return refused(`There is no team “${plain(name)}”`, [hint]);
}

/** Where a team comes from and who sees it, for the people who run the installation. */
function originOf(
  { teams }: Pick<Ports, "teams">,
  { level }: Asker,
  name: string,
): readonly string[] {
  const entry = teams.all.list().find((one) => one.name === name);
  if (!entry || level !== "installation") return [];
  const spaces = entry.team?.spaces;
  return [
    `- From ${formatOrigin(entry)}`,
    ...(spaces ? [`- For ${spaces.map(plain).join(", ")}`] : []),
  ];
}

const formatOrigin = ({ file, pushed }: TeamEntry): string =>
  pushed ? `${file}, version ${pushed.version}, pushed by ${plain(pushed.by)}` : plain(file);

/** `team show`. */
export async function teamShow(
  ports: Ports,
  asker: Asker,
  name: string | null,
): Promise<CommandReply> {
  const here = name === null ? await teamHere(ports, asker) : null;
  const team = here?.team ?? pickTeam(await teamsFor(ports, asker), asker, name ?? "");
  if ("blocks" in team) return team;
  const lines = [
    ...(team.description === "" ? [] : [plain(team.description)]),
    ...(here ? [`- Answers here: ${formatBecause(here)}`] : []),
    ...notesOn(team, here),
    ...policyLines(team),
    ...originOf(ports, asker, team.name),
    ...concessionLines(team, ports.concessions),
  ];
  const problems = problemsFor(ports, asker, team.name);
  return privately(`Team ${team.title}`, lines, [agentsTable(team.agents), ...problems]);
}

const NO_OTHERS = { list: () => [] };

/** Who of the team does not take part, and why. */
const notesOn = (team: Team, here: ResolvedTeam | null): readonly string[] =>
  (here?.notes ?? seatTeam(team, NO_SEATS, NO_OTHERS).absent).map((note) => `- ${plain(note)}`);

/** The problems of a team's file, such as the variables that it lacks, for the people who run the installation. */
function problemsFor({ teams }: Pick<Ports, "teams">, { level }: Asker, name: string) {
  const entry = teams.all.list().find((one) => one.name === name);
  return level === "installation" && entry && entry.problems.length > 0 ? [brokenBlock(entry)] : [];
}

/** A hint when a narrower scope decides in this thread. */
const overruled = (scope: Scope, here: ResolvedTeam): readonly string[] =>
  here.because !== scope && (here.because === "thread" || here.because === "channel")
    ? [
        `In this thread ${plain(here.team.title)} still answers (${formatBecause(here)}). Use ${typed(here.because === "thread" ? "team reset" : "team reset --channel")} to undo that.`,
      ]
    : [];

/** `team use`. */
export async function teamUse(
  ports: Ports,
  asker: Asker,
  choice: { readonly team: string; readonly scope: Scope },
): Promise<CommandReply> {
  const team = await findTeam(ports, asker, choice.team);
  if ("blocks" in team) return team;
  const place = parseConversationId(asker.conversation);
  await ports.bindings.use(place, choice.scope, team.name, signedBy(asker));
  const now = await teamHereOrWhy(ports, asker);
  return publicly(`${team.title} now answers in ${HERE[choice.scope]}`, [
    `From the next message on: ${team.agents.map(({ name }) => plain(name)).join(", ")}.`,
    ...("why" in now ? [`In this thread ${now.why}`] : overruled(choice.scope, now.here)),
  ]);
}

/** `team reset`. */
export async function teamReset(ports: Ports, asker: Asker, scope: Scope): Promise<CommandReply> {
  await ports.bindings.use(parseConversationId(asker.conversation), scope, null, signedBy(asker));
  const now = await teamHereOrWhy(ports, asker);
  return publicly(`The team choice for ${HERE[scope]} is removed`, [
    "why" in now
      ? `Nobody answers here: ${now.why}`
      : `${plain(now.here.team.title)} answers here (${formatBecause(now.here)}).`,
  ]);
}

/** `team reload` and `team validate`: the first is brief. */
export async function teamReload({ teams }: Ports, thorough: boolean): Promise<CommandReply> {
  const { changed, removed, problems } = await teams.reload();
  const shown = problems.filter(({ severity }) => thorough || severity === "error");
  const errors = problems.filter(({ severity }) => severity === "error");
  const lines = [
    ...(changed.length > 0 ? [`New or changed: ${changed.join(", ")}`] : []),
    ...(removed.length > 0 ? [`Removed: ${removed.join(", ")}`] : []),
    ...(changed.length + removed.length === 0 ? ["No changes since the last read."] : []),
    ...(shown.length === 0 ? ["No problems found."] : []),
    ...unseenLines({ teams }),
    ...(thorough
      ? teams.all
          .list()
          .filter((entry) => entry.pushed)
          .map((entry) => `- ${entry.name}: ${formatOrigin(entry)}`)
      : []),
  ];
  const text = shown.map(formatProblem).join("\n");
  const blocks: readonly ReplyBlock[] = text === "" ? [] : [{ type: "code", language: "", text }];
  const title = `${teams.all.list().length} team files read`;
  return errors.length > 0 ? refused(title, lines, blocks) : privately(title, lines, blocks);
}
