import {
  average,
  createDeviates,
  type Deviates,
  highest,
  inSteps,
  logistic,
  onScale,
  places,
  type Question,
} from "./question.ts";
import type { Calibrated } from "./settings.ts";

/** Claims other than 0, the truth: the question's trap, then one for each family, then one for each agent. */
const TRAP = 1;
const FAMILY_TRAPS = 10;
const OWN_ERRORS = 100;

/** A question of the calibrated world: agents share errors, and reviewers are the better the more they know themselves. `skills`: how discerning each reviewer is, log scale. */
export function calibratedQuestion(
  setting: Calibrated,
  skills: readonly number[],
  seed: number,
): Question {
  const deviates = createDeviates(seed);
  const agents = places(setting.ability.length);
  const right = whoIsRight(setting, deviates);
  const claims = right.map((isRight, agent) => (isRight ? 0 : errorOf(agent, setting, deviates)));
  const looks = looksOf(claims, setting, deviates);
  const lengths = agents.map(() => deviates.normal());
  const groups = seenEqual(claims, setting, deviates);
  const reviewers = agents.map((agent) => reviewerOf(agent, { setting, skills, right }, deviates));
  const opinions = new Map<string, number>();
  const views = createViews({ setting, claims, looks, lengths, reviewers, opinions, seed });
  const lead = Math.floor(deviates.uniform() * agents.length);
  return {
    right,
    claims,
    groups,
    ablest: highest(setting.ability),
    favourites: agents.map((agent) => highest(views(agent, -1, lead))),
    read(agent, nth, first) {
      const view = views(agent, nth, first);
      const middle = average(view);
      const habit = reviewers[agent];
      if (!habit) throw new Error(`There is no reviewer ${agent}.`);
      return {
        scores: view.map((x) => onScale(habit.offset + habit.spread * (x - middle), setting.step)),
        chances: view.map((x) => inSteps(logistic(0.9 + habit.sure * (x - middle)))),
      };
    },
  };
}

function whoIsRight(setting: Calibrated, { normal }: Deviates): readonly boolean[] {
  const { shared, family, ability, families } = setting;
  const common = Math.sqrt(shared) * normal();
  const kin = new Map<number, number>();
  for (const one of families) if (!kin.has(one)) kin.set(one, Math.sqrt(family) * normal());
  const own = Math.sqrt(Math.max(0, 1 - shared - family));
  return ability.map(
    (level, agent) => level + common + (kin.get(families[agent] ?? 0) ?? 0) + own * normal() > 0,
  );
}

function errorOf(agent: number, setting: Calibrated, { uniform }: Deviates): number {
  const u = uniform();
  if (u < setting.trap) return TRAP;
  if (u < setting.trap + setting.familyTrap) return FAMILY_TRAPS + (setting.families[agent] ?? 0);
  return OWN_ERRORS + agent;
}

/** How convincing each claim looks to everybody. */
function looksOf(
  claims: readonly number[],
  { plausible, trapPlausible }: Calibrated,
  { normal }: Deviates,
): ReadonlyMap<number, number> {
  return new Map(
    [...new Set([0, ...claims])].map((claim) => [
      claim,
      plausible * normal() + (claim === TRAP ? trapPlausible : 0),
    ]),
  );
}

function seenEqual(
  claims: readonly number[],
  { merge, falseMerge }: Calibrated,
  { uniform }: Deviates,
): readonly number[] {
  let groups = [...claims.keys()];
  for (const a of claims.keys()) {
    for (const b of places(a)) {
      if (uniform() >= (claims[a] === claims[b] ? merge : falseMerge)) continue;
      const [one = 0, other = 0] = [groups[a], groups[b]];
      groups = groups.map((group) =>
        group === Math.max(one, other) ? Math.min(one, other) : group,
      );
    }
  }
  return groups;
}

interface Reviewer {
  /** What a right answer gains with it. */
  readonly gain: number;
  /** Its usual score. */
  readonly offset: number;
  /** Points a unit of its view. */
  readonly spread: number;
  readonly sure: number;
}

function reviewerOf(
  agent: number,
  given: {
    readonly setting: Calibrated;
    readonly skills: readonly number[];
    readonly right: readonly boolean[];
  },
  { normal }: Deviates,
): Reviewer {
  const { setting, skills, right } = given;
  const { disc, discWrong, centre, lenient, points, spread, sure } = setting;
  const gain = (right[agent] ? disc : discWrong) * Math.exp(skills[agent] ?? 0);
  return {
    gain,
    offset: centre - 0.5 + lenient * normal(),
    spread: points * Math.exp(spread * normal()),
    sure: 1.6 * Math.exp(0.45 * normal()) * (Math.max(0.2, gain) / disc) ** sure,
  };
}

interface Scene {
  readonly setting: Calibrated;
  readonly claims: readonly number[];
  readonly looks: ReadonlyMap<number, number>;
  readonly lengths: readonly number[];
  readonly reviewers: readonly Reviewer[];
  readonly opinions: Map<string, number>;
  readonly seed: number;
}

/** How good each answer looks to a reviewer in its nth read. Part of its opinion stays the same in every read. */
function createViews(scene: Scene): (reviewer: number, nth: number, first: number) => number[] {
  const { setting, claims, looks, lengths, reviewers, opinions, seed } = scene;
  const kept = (reviewer: number, claim: number): number => {
    const key = `${reviewer} ${claim}`;
    const opinion =
      opinions.get(key) ?? createDeviates(seed * 7919 + reviewer * 211 + claim + 1).normal();
    opinions.set(key, opinion);
    return opinion;
  };
  return (reviewer, nth, first) => {
    const { normal } = createDeviates(seed * 104_729 + reviewer * 31 + nth + 2);
    const fresh = new Map([...looks.keys()].map((claim) => [claim, normal()]));
    const share = nth < 1 ? 0 : setting.fresh;
    return claims.map((claim, author) => {
      const opinion =
        Math.sqrt(1 - share) * kept(reviewer, claim) + Math.sqrt(share) * (fresh.get(claim) ?? 0);
      const gain = claim === 0 ? (reviewers[reviewer]?.gain ?? 0) : 0;
      return (
        gain +
        (looks.get(claim) ?? 0) +
        setting.opinion * opinion +
        setting.noise * normal() +
        bonusOf(author, reviewer, { setting, claims }) +
        setting.first * Number(author === first) +
        setting.verbose * (lengths[author] ?? 0)
      );
    });
  };
}

function bonusOf(
  author: number,
  reviewer: number,
  { setting, claims }: Pick<Scene, "setting" | "claims">,
): number {
  if (author === reviewer) return setting.own;
  const { families, kin, same } = setting;
  return (
    same * Number(claims[author] === claims[reviewer]) +
    kin * Number(families[author] === families[reviewer])
  );
}
