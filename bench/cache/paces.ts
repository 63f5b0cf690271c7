import { seededRandom } from "../../src/backends/simulated/seeded-random.ts";

/** How fast people go on after an answer: log-normal, as times between messages are. */
export interface Pace {
  readonly name: "seconds" | "minutes" | "hours";
  readonly medianMs: number;
  readonly spread: number;
}

const MINUTE = 60_000;

export const PACES: readonly Pace[] = [
  { name: "seconds", medianMs: 0.75 * MINUTE, spread: 0.8 },
  { name: "minutes", medianMs: 12 * MINUTE, spread: 0.8 },
  { name: "hours", medianMs: 180 * MINUTE, spread: 0.8 },
];

/** When the requests of a thread come, ms. */
export function timesOf(
  { name, medianMs, spread }: Pace,
  turns: number,
  seed: number,
): readonly number[] {
  const random = seededRandom(`${name} ${seed}`);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let at = 0;
  return Array.from({ length: turns }, () => (at += medianMs * Math.exp(spread * normal())));
}
