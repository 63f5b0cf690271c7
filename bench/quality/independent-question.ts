import {
  average,
  createDeviates,
  highest,
  inSteps,
  logistic,
  onScale,
  places,
  type Question,
} from "./question.ts";
import type { Independent } from "./settings.ts";

/** A question of the world in which errors are independent, and who is able differs from question to question. */
export function independentQuestion(setting: Independent, seed: number): Question {
  const { agents, sd, disc } = setting;
  const { normal, uniform } = createDeviates(seed);
  const difficulty = normal();
  const ability = places(agents).map(() => 0.4 + sd * normal());
  const claims = ability.map((able) =>
    uniform() < logistic(1.5 * (able - difficulty)) ? 0 : 1 + Math.floor(uniform() ** 2 * 3),
  );
  const habits = ability.map((able) => ({
    gain: disc * logistic(1.2 * (able - difficulty) + 0.5),
    offset: 0.6 * normal(),
    spread: Math.exp(0.4 * normal()),
  }));
  const view = (reviewer: number, nth: number, first: number): readonly number[] => {
    const kept = createDeviates(seed * 7919 + reviewer + 1);
    const fresh = createDeviates(seed * 104_729 + reviewer * 31 + nth + 2);
    return claims.map((claim, author) => {
      const noise =
        Math.sqrt(1 - setting.fresh) * kept.normal() + Math.sqrt(setting.fresh) * fresh.normal();
      return (
        (habits[reviewer]?.gain ?? 0) * Number(claim === 0) +
        setting.own * Number(claim === claims[reviewer]) +
        setting.self * Number(author === reviewer) +
        setting.position * Number(author === first) +
        setting.noise * noise
      );
    });
  };
  return {
    right: claims.map((claim) => claim === 0),
    claims,
    groups: claims.map((claim) => claims.indexOf(claim)),
    ablest: highest(ability),
    favourites: places(agents).map((agent) => highest(view(agent, -1, 0))),
    read(reviewer, nth, first) {
      const seen = view(reviewer, nth, first);
      const middle = average(seen);
      const { offset = 0, spread = 1 } = habits[reviewer] ?? {};
      return {
        scores: seen.map((x) => onScale(4 + 2.5 * (offset + spread * x))),
        chances: seen.map((x) => inSteps(logistic(1.8 * spread * (x - middle)))),
      };
    },
  };
}
