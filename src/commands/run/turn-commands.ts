import type { TurnId } from "../../ids.ts";
import { formatCount, formatDuration, formatSpent, formatTokens } from "../../progress/format.ts";
import { ratingTitle } from "../../progress/rating-words.ts";
import type { StatusView } from "../../progress/status-view.ts";
import { code, typed } from "../../text/spelling.ts";
import { plain, privately, publicly, refused } from "./compose-reply.ts";
import type { Asker, CommandPorts, GivenRating, Question } from "../ports.ts";
import type { CommandReply, ReplyBlock } from "../../reply.ts";
import { isAtLeast } from "../command-levels.ts";
import { findTeam } from "./team-commands.ts";
import { ratingsFor } from "./turn-ratings.ts";

type Ports = Pick<CommandPorts, "teams" | "turns">;

/** The refusal of a named team that cannot answer; null: it can. */
async function wrongTeam(
  ports: Ports,
  asker: Asker,
  name: string | null,
): Promise<CommandReply | null> {
  const team = name === null ? null : await findTeam(ports, asker, name);
  return team !== null && "blocks" in team ? team : null;
}

/** A limit forbids it. */
const overBudget = (why: string): CommandReply => refused("Not answered", [why]);

/** `ask`. */
export async function askTeam(
  ports: Ports,
  asker: Asker,
  { text, team, forceTeam }: Question,
): Promise<CommandReply> {
  const wrong = await wrongTeam(ports, asker, team);
  if (wrong) return wrong;
  const begun = await ports.turns.ask(asker, { text, team, forceTeam });
  if (begun.outcome === "refused") return overBudget(begun.why);
  return privately(team === null ? "Asked" : `Asked ${plain(team)}`, []);
}

/** `retry`. */
export async function retryTurn(
  ports: Ports,
  asker: Asker,
  { team, turn }: { readonly team: string | null; readonly turn: TurnId | null },
): Promise<CommandReply> {
  const wrong = await wrongTeam(ports, asker, team);
  if (wrong) return wrong;
  const begun = await ports.turns.retry(asker, team, turn ?? undefined);
  if (begun.outcome === "refused") return overBudget(begun.why);
  return begun.outcome === "begun"
    ? publicly(team === null ? "Answering again" : `Answering again with ${plain(team)}`, [])
    : refused("Nothing to answer again", [
        turn === null ? "Nobody has asked anything here yet." : "This thread has no such turn.",
      ]);
}

/** `rate`. */
export async function rateTurn(
  { turns }: Ports,
  asker: Asker,
  { verdict, reason, turn }: GivenRating,
): Promise<CommandReply> {
  const rated = await turns.rate(asker, { verdict, reason, turn });
  if (rated.outcome !== "taken")
    return refused("Nothing to rate", ["Parley has not answered anything here yet."]);
  const ask = verdict === "down" && reason === null;
  return privately(
    ratingTitle(verdict, rated.before),
    ask ? [`To say what was wrong, write ${typed("rate down REASON")}.`] : [],
  );
}

/** The reply when `steer` or `restart` found nothing to do. */
const notQueued = (outcome: "idle" | "unknown", message: string | null): CommandReply =>
  outcome === "idle"
    ? refused("Nothing is running here", [
        "Parley answers a queued message as soon as the turn before it ends; write anything else as a message.",
      ])
    : refused(message === null ? "No message is queued" : "That message is not queued", [
        "Parley has answered it or is answering it now.",
      ]);

/** `steer`. */
export async function steerTurn(
  { turns }: Ports,
  asker: Asker,
  message: string | null,
): Promise<CommandReply> {
  const changed = await turns.steer(asker, message);
  return changed.outcome === "done"
    ? publicly(`${plain(asker.person.name)} sent this to the running turn`, [
        plain(changed.excerpt),
      ])
    : notQueued(changed.outcome, message);
}

/** `restart`. */
export async function restartTurn(
  { turns }: Ports,
  asker: Asker,
  message: string | null,
): Promise<CommandReply> {
  const changed = await turns.restart(asker, message);
  return changed.outcome === "done"
    ? publicly(`${plain(asker.person.name)} restarted the turn with this message`, [
        plain(changed.excerpt),
      ])
    : notQueued(changed.outcome, message);
}

/** `stop`. */
export const stopTurn = async (
  { turns }: Ports,
  asker: Asker,
  turn: TurnId | null,
): Promise<CommandReply> =>
  (await turns.stop(asker, turn))
    ? publicly(`Stopped by ${plain(asker.person.name)}`, [])
    : refused(turn === null ? "Nothing is running here" : "That turn is over", []);

const FINISHED = {
  posting: privately("Posting the best answer so far", []),
  unanswered: refused("No agent has answered yet", [
    `${typed("stop")} ends the turn without an answer.`,
  ]),
  idle: refused("There is no turn to finish here", []),
} as const;

/** `finish`. */
export const finishTurn = async (
  { turns }: Ports,
  asker: Asker,
  turn: TurnId | null,
): Promise<CommandReply> => FINISHED[await turns.finish(asker, turn)];

/** `prefer`. */
export async function preferAnswer(
  { turns }: Ports,
  asker: Asker,
  answer: string,
): Promise<CommandReply> {
  const preferred = await turns.prefer(asker, answer);
  switch (preferred.outcome) {
    case "counted":
      return privately(`Your vote is for ${preferred.label}`, [
        `That is ${plain(preferred.agent)}'s answer. You can change your vote until the turn ends.`,
      ]);
    case "unknown":
      return refused(`There is no answer “${plain(answer)}”`, [
        preferred.labels.length > 0
          ? `Use one of ${preferred.labels.map((label) => typed(`prefer ${label}`)).join(", ")}.`
          : "No agent has answered yet.",
      ]);
    case "closed":
      return refused("Nothing to vote on", ["No turn is running here."]);
  }
}

const statusRows = ({ agents }: StatusView): readonly (readonly string[])[] =>
  agents.map(({ label, name, status, revision, elapsedMs, tokens, note }) => [
    label ?? "",
    name,
    note === null ? status : `${status}: ${note}`,
    revision === 0 ? "" : String(revision),
    formatDuration(elapsedMs),
    formatTokens(tokens),
  ]);

/** `status`. */
export async function turnStatus({ turns }: Ports, asker: Asker): Promise<CommandReply> {
  const view = await turns.status(asker.conversation);
  if (view === null) return nothingRuns(turns, asker);
  const { tokens, money } = formatSpent(view);
  const facts = [
    formatDuration(view.elapsedMs),
    ...(view.round > 0 ? [`round ${view.round}`] : []),
    tokens,
    money,
    ...(view.queued > 0 ? [`${formatCount(view.queued, "message")} waiting`] : []),
  ];
  const table: ReplyBlock = {
    type: "table",
    columns: ["", "Agent", "Status", "Revision", "For", "Tokens"],
    rows: statusRows(view),
  };
  const note = view.note === "" ? [] : [plain(view.note)];
  const lines = [facts.join(", "), ...note, ...idFor(asker, view.turn)];
  return privately(`${plain(view.team)}: ${view.phase}`, lines, [table]);
}

/** Tells admins what the platform refused of the last answer. */
async function nothingRuns(
  turns: Ports["turns"],
  { conversation, level }: Asker,
): Promise<CommandReply> {
  const refusals = isAtLeast(level, "admin") ? await turns.refusals(conversation) : [];
  const lines = refusals.map((refusal) => `Of the last answer: ${plain(refusal)}`);
  return privately("Nothing is running here", ["Write a message to begin.", ...lines]);
}

/** The id under which the log has the turn; shown to operators. */
const idFor = ({ level }: Asker, turn: TurnId): readonly string[] =>
  isAtLeast(level, "operator") ? [`Turn ${code(turn)}`] : [];

/** `why --timing`. */
export async function whyTiming(
  { turns, timingReply, wallClock }: Pick<CommandPorts, "turns" | "timingReply" | "wallClock">,
  { conversation }: Asker,
  turn: TurnId | null,
): Promise<CommandReply> {
  const times = await turns.timing(conversation, turn);
  return times === null ? nothingToExplain(turn) : timingReply(times, wallClock());
}

/** `why`. */
export async function whyAnswer(
  { turns, whyReply }: Pick<CommandPorts, "turns" | "whyReply">,
  asker: Asker,
  turn: TurnId | null,
): Promise<CommandReply> {
  const { conversation } = asker;
  const state =
    turn === null
      ? await turns.last(conversation, asker.level)
      : await turns.get(conversation, turn, asker.level);
  if (state === null) return nothingToExplain(turn);
  const reply = whyReply(state);
  const ratings = await ratingsFor(turns, asker.level, state.turn);
  const lines = [...(ratings === "" ? [] : [ratings]), ...idFor(asker, state.turn)];
  const blocks = lines.map((markdown) => ({ type: "text", markdown }) as const);
  return { ...reply, blocks: [...reply.blocks, ...blocks] };
}

const nothingToExplain = (turn: TurnId | null): CommandReply =>
  refused("Nothing to explain", [
    turn === null ? "Parley has not answered anything here yet." : "This thread has no such turn.",
  ]);
