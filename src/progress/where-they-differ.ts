import { certaintyOf, type Result } from "../coordination/pooled/certainty.ts";
import { revisionOf } from "../coordination/selectors.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";
import { cleanLine } from "../text/clean-text.ts";
import { latestBallot } from "./agreement.ts";
import { differenceFrom } from "./difference.ts";
import { excerpt } from "./failure-words.ts";

/** How somebody is called who gave or reviewed an answer. */
export interface Namer {
  /** Who gave an answer: "Ben", or "answer B". */
  readonly author: (agent: AgentId) => string;
  /** Who reviewed one. */
  readonly reviewer: (agent: AgentId) => string;
}

const MOST_OBJECTIONS = 2;
const LONGEST_OBJECTION = 200;
const LONGEST_CLAIM = 80;

/**
 * Where a team agrees and differs, in one or two sentences: "Three say 391 (Ada, Ben and Cid), one says 381 (Dee). They disagree on this: …". From the
 * claims, the results and the latest objections. "" where equal answers do not count together, or only one agent answered.
 */
export function whereTheyDiffer(state: TurnState, name: Namer): string {
  const places = state.agents.map(({ id }) => id);
  const results = (certaintyOf(state)?.results ?? []).map((result) => ({
    ...result,
    agents: places.filter((id) => result.agents.includes(id)),
  }));
  const [first] = results;
  if (!first) return "";
  if (results.length === 1) return agreed(first, name);
  return [said(results, name), disagreement(state, results, name)].filter(Boolean).join(" ");
}

function agreed({ agents, claim }: Result, { author }: Namer): string {
  const all = agents.length === 2 ? "Both" : `All ${countWord(agents.length)}`;
  const what = claim === null ? "come to the same" : `say ${shortClaim(claim)}`;
  return `${all} ${what}: ${listed(agents.map(author))}.`;
}

/** "Three say 391 (Ada, Ben and Cid), one says 381 (Dee)." */
function said(results: readonly Result[], { author }: Namer): string {
  const open = results.filter(({ claim, agents }) => claim === null && agents.length === 1);
  if (open.length === results.length) {
    return `${capitalised(countWord(open.length))} answers, none of which names a single result.`;
  }
  const parts = results
    .filter((result) => !open.includes(result))
    .map(({ claim, agents }) => {
      const verb = claim === null ? "come to the same" : agents.length === 1 ? "says" : "say";
      const words = [countWord(agents.length), verb, claim === null ? "" : shortClaim(claim)];
      return `${words.filter(Boolean).join(" ")} (${listed(agents.map(author))})`;
    });
  const rest = open.flatMap(({ agents }) => agents.map(author));
  const last =
    rest.length === 0
      ? []
      : [`${listed(rest)} ${rest.length === 1 ? "names" : "name"} no single result`];
  return `${capitalised([...parts, ...last].join(", "))}.`;
}

const shortClaim = (claim: string): string => excerpt(claim, LONGEST_CLAIM).replace(/[.,;:]$/, "");

/** What reviewers object to in an answer with another result than their own; else what the second result says that the first does not. */
function disagreement(state: TurnState, results: readonly Result[], name: Namer): string {
  const objections = objectionsIn(state, results, name);
  if (objections.length > 0) return `They disagree on this: ${objections.join(" ")}`;
  const [first, second] = results.map(({ revision }) => revisionOf(state, revision));
  const difference = first && second ? differenceFrom(first.text, second.text) : "";
  return second && difference !== ""
    ? `${capitalised(name.author(second.agent))}: “${difference}”`
    : "";
}

/** The latest objections to answers that stand, with another result than the reviewer's own; each once, with all who raise it. */
function objectionsIn(
  state: TurnState,
  results: readonly Result[],
  name: Namer,
): readonly string[] {
  const raised = state.agents.flatMap(({ id }) => {
    const objection = latestBallot(state, id)?.objection;
    const author = state.latest.find((revision) => revision.id === objection?.revision)?.agent;
    const text = excerpt(cleanLine(objection?.text ?? ""), LONGEST_OBJECTION);
    if (!author || text === "" || isSameResult(results, id, author)) return [];
    return [{ by: name.reviewer(id), to: name.author(author), text }];
  });
  const groups = Map.groupBy(raised, ({ to, text }) => `${to}: ${text}`);
  return [...groups].slice(0, MOST_OBJECTIONS).map(([said, all]) => {
    const by = capitalised(listed([...new Set(all.map((one) => one.by))]));
    return `${by} on ${said}${/[.!?…]["”’»)]?$/.test(said) ? "" : "."}`;
  });
}

const isSameResult = (results: readonly Result[], one: AgentId, other: AgentId): boolean =>
  results.some(({ agents }) => agents.includes(one) && agents.includes(other));

const NUMBERS = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
];
const countWord = (count: number): string => NUMBERS[count] ?? String(count);

const capitalised = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** "Ada, Ben and Cid". */
function listed(names: readonly string[]): string {
  const rest = names.slice(0, -1).join(", ");
  return rest === "" ? (names[0] ?? "") : `${rest} and ${names.at(-1)}`;
}
