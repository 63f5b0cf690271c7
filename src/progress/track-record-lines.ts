import { isPooled } from "../coordination/pooled/claims.ts";
import { skillOf } from "../coordination/pooled/evidence.ts";
import { revisionOf } from "../coordination/selectors.ts";
import { elect, standingGroups } from "../coordination/tally.ts";
import type { Revision, TurnState } from "../coordination/turn-state.ts";

/** Differences below this change no weight that people would notice, log-odds. */
const NOTABLE = 0.2;

/** Whose judgement counted more or less by its track record, and whether that decided; none where all counted the same. */
export function trackRecordLines(state: TurnState): readonly string[] {
  if (!isPooled(state)) return [];
  const namesOf = (isMeant: (skill: number) => boolean) =>
    joined(
      state.agents.filter(({ id }) => isMeant(skillOf(state, id))).map(({ name }) => `${name}'s`),
    );
  const more = namesOf((skill) => skill >= NOTABLE);
  const less = namesOf((skill) => skill <= -NOTABLE);
  if (more === "" && less === "") return [];
  const parts = [
    ...(more === "" ? [] : [`${more} answers and reviews count more here`]),
    ...(less === "" ? [] : [more === "" ? `${less} count less here` : `${less} less`]),
  ];
  return [`- ${parts.join(", ")}: ${SOURCES[state.policy.scoreboard]}${decidedWords(state)}`];
}

/** "Ada's", "Ada's and Ben's", "Ada's, Ben's and Cleo's". */
const joined = (names: readonly string[]): string =>
  [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");

const SOURCES: Readonly<Record<TurnState["policy"]["scoreboard"], string>> = {
  off: "by their models' track records",
  prior: "by what public comparisons say of their models",
  learned:
    "by how their models did in earlier turns of this space, and what public comparisons say of them",
};

/** "; without that, Ada's answer would have been posted", where another result would have won. */
function decidedWords(state: TurnState): string {
  const choices = [state.closing, elect({ ...state, skills: {} })];
  const [posted, other] = choices.map((choice) => revisionOf(state, choice?.revision ?? null));
  if (!posted || !other || areTogether(state, [posted, other])) return "";
  const name = state.agents.find(({ id }) => id === other.agent)?.name ?? other.agent;
  return `; without that, ${name}'s answer would have been posted`;
}

const areTogether = (state: TurnState, revisions: readonly Revision[]): boolean =>
  standingGroups(state).some(({ answers }) => revisions.every((one) => answers.includes(one)));
