import { isElectable } from "../../../src/coordination/selectors.ts";
import { standingRevisions } from "../../../src/coordination/tally.ts";
import type { TurnEvent } from "../../../src/coordination/turn-event.ts";
import type { Revision, TurnState } from "../../../src/coordination/turn-state.ts";

interface Read {
  readonly reviewer: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly same: Readonly<Record<string, string>>;
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;
const clip = (value: number): number => Math.max(-2.2, Math.min(2.2, value));

/**
 * Who leads under `pooled` by the formula of the documentation, computed from the events in the plainest way: a second opinion on `elect`, without
 * people's votes.
 */
export function leaderOfResults(events: readonly TurnEvent[], state: TurnState): string | null {
  const reads = readsIn(events);
  const claims = new Map(
    events.flatMap((e) =>
      e.type === "answer_given" || e.type === "revision_offered" ? [[e.revision, e.claim]] : [],
    ),
  );
  const standing = standingRevisions(state);
  const skill = (agent: string): number => state.skills[agent] ?? 0;
  const value = ({ id }: Revision): number | null => evidence(reads, id, skill);
  const isSame = (a: Revision, b: Revision) =>
    (numeric(claims.get(a.id)) !== "" && numeric(claims.get(a.id)) === numeric(claims.get(b.id))) ||
    mostSay(reads, a.id, b.id);
  const groups = partition(standing, isSame).map((group) => {
    const judged = group.flatMap((revision) => value(revision) ?? []);
    const behind = [...group.map(({ agent }) => agent), ...repeatersOf(events, group)].map(skill);
    const [best = 0, ...further] = behind.toSorted((a, b) => b - a);
    const each = 0.4 / Math.max(1, state.agents.length - 1);
    const support = best + further.reduce((sum, one) => sum + each * (1 + one / 1.5), 0);
    return {
      group,
      electable: group.some((revision) => isElectable(state, revision)),
      merit: judged.length === 0 ? -99 : 2 * mean(judged) + support,
    };
  });
  const age = (revision: Revision) => state.revisions.indexOf(revision);
  const inGroup = (a: Revision, b: Revision) =>
    Number(isElectable(state, b)) - Number(isElectable(state, a)) ||
    ordered((value(b) ?? -99) - (value(a) ?? -99)) ||
    age(a) - age(b);
  const ranked = groups
    .map((one) => ({ ...one, group: one.group.toSorted(inGroup) }))
    .toSorted(
      (a, b) =>
        Number(b.electable) - Number(a.electable) ||
        ordered(b.merit - a.merit) ||
        first(a.group, age) - first(b.group, age),
    );
  return ranked[0]?.group[0]?.id ?? null;
}

const ordered = (difference: number): number => (Math.abs(difference) > 1e-9 ? difference : 0);
const first = ([one]: readonly Revision[], age: (revision: Revision) => number): number =>
  one ? age(one) : 0;

/** "7" and "7.0" are the same number; an open claim and none equal nothing. */
const numeric = (claim: string | undefined): string => {
  if (claim === undefined || claim === "open") return "";
  return Number.isNaN(Number(claim)) ? claim : String(Number(claim));
};

function readsIn(events: readonly TurnEvent[]): readonly Read[] {
  const seen = new Map<string, number>();
  let reads: Read[] = [];
  let steered = 0;
  for (const event of events) {
    if (event.type === "move_started") seen.set(event.move, event.steering);
    if (event.type === "message_steered") {
      steered += 1;
      reads = [];
    }
    if ("ballot" in event && event.ballot && seen.get(event.move) === steered) {
      const { scores, same = {} } = event.ballot;
      reads.push({ reviewer: event.agent, scores, same });
    }
  }
  return reads;
}

function evidence(
  reads: readonly Read[],
  revision: string,
  skill: (agent: string) => number,
): number | null {
  const byReviewer = Map.groupBy(
    reads.filter(({ scores }) => revision in scores),
    ({ reviewer }) => reviewer,
  );
  let [sum, weights] = [0, 0];
  for (const [reviewer, own] of byReviewer) {
    const weight = Math.min(3, Math.max(0.25, Math.exp(skill(reviewer) / 2)));
    const said = own.map(({ scores }) =>
      clip(0.9 * ((scores[revision] ?? 0) - mean(Object.values(scores)))),
    );
    sum += weight * mean(said);
    weights += weight;
  }
  return weights === 0 ? null : sum / weights;
}

/** Of the last read of each reviewer that scored both. The random turns name at most one pair in a ballot. */
function mostSay(reads: readonly Read[], a: string, b: string): boolean {
  const last = new Map(reads.map((read) => [read.reviewer, read]));
  const both = [...last.values()].filter(({ scores }) => a in scores && b in scores);
  const yes = both.filter(({ same }) => same[a] === b || same[b] === a);
  return yes.length * 2 > both.length;
}

function partition(
  revisions: readonly Revision[],
  isSame: (a: Revision, b: Revision) => boolean,
): readonly (readonly Revision[])[] {
  const groups: Revision[][] = [];
  for (const revision of revisions) {
    const reached = new Set([revision]);
    const reach = (one: Revision) => {
      for (const other of revisions) if (isSame(one, other)) reached.add(other);
    };
    for (const one of reached) reach(one);
    if (!groups.flat().includes(revision)) groups.push([...reached]);
  }
  return groups;
}

/** First answers that repeated one of the group instead of giving a text of their own. */
function repeatersOf(events: readonly TurnEvent[], group: readonly Revision[]): readonly string[] {
  const repeats = events.filter((e) => e.type === "answer_repeated" && e.move.includes(":answer:"));
  return repeats.flatMap((e) =>
    e.type === "answer_repeated" &&
    group.some(({ id, agent }) => id === e.revision && agent !== e.agent)
      ? [e.agent]
      : [],
  );
}
