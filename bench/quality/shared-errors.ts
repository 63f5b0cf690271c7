import { average } from "./question.ts";

/** How far agents are right and wrong together: the mean correlation over all pairs of agents. `rights`: by question and seat. */
export function errorCorrelation(rights: readonly (readonly boolean[])[]): number {
  const size = rights[0]?.length ?? 0;
  const phis = Array.from({ length: size }, (_, a) =>
    Array.from({ length: a }, (__, b) => correlation(rights, a, b)),
  ).flat();
  return average(phis);
}

function correlation(rights: readonly (readonly boolean[])[], a: number, b: number): number {
  const [x, y] = [a, b].map((seat) => rights.map((right) => Number(right[seat])));
  const [mx, my] = [average(x ?? []), average(y ?? [])];
  const spread = Math.sqrt(mx * (1 - mx) * my * (1 - my));
  const both = average((x ?? []).map((value, at) => value * (y?.[at] ?? 0)));
  return spread === 0 ? 0 : (both - mx * my) / spread;
}

/** Pairs of answers that counted as one result, and how many of them were right or wrong together. */
export interface Pairs {
  readonly all: number;
  readonly alike: number;
}

/** `groups`: agents whose answers counted as one result. */
export function pairsIn<Agent>(
  groups: readonly (readonly Agent[])[],
  isRight: (agent: Agent) => boolean,
): Pairs {
  const pairs = groups.flatMap((group) =>
    group.flatMap((one, at) => group.slice(at + 1).map((other) => [one, other] as const)),
  );
  const alike = pairs.filter(([one, other]) => isRight(one) === isRight(other)).length;
  return { all: pairs.length, alike };
}

/** Percent of the pairs that were right or wrong together: the precision of equality. */
export function precisionOf(pairs: readonly Pairs[]): number {
  const all = pairs.reduce((sum, one) => sum + one.all, 0);
  return (100 * pairs.reduce((sum, { alike }) => sum + alike, 0)) / Math.max(1, all);
}
