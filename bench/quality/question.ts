import { createRandom, normal } from "../random.ts";

/** One reviewer's ballot, by author. */
export interface Read {
  /** 0–10. */
  readonly scores: readonly number[];
  /** Chance of being right, 0–1. */
  readonly chances: readonly number[];
}

/** A question that a simulated team has answered: what is true of it, and what each reviewer would say. */
export interface Question {
  readonly right: readonly boolean[];
  /** What each agent claims; 0 is the truth. */
  readonly claims: readonly number[];
  /** Agents with the same number are seen to say the same. */
  readonly groups: readonly number[];
  /** The ablest agent, which need not be right. */
  readonly ablest: number;
  /** The answer that every agent puts first when all read them in the same order, without rounding: the ballot of a vote for one. */
  readonly favourites: readonly number[];
  /** What a reviewer says when it reads all answers for the `nth` time, from 0, with this one first. The same each time it is asked. */
  read(reviewer: number, nth: number, first: number): Read;
}

/** A source of deviates of its own for each of a question's reads. */
export interface Deviates {
  readonly uniform: () => number;
  readonly normal: () => number;
}

export function createDeviates(seed: number): Deviates {
  const uniform = createRandom(seed);
  return { uniform, normal: () => normal(uniform) };
}

export const average = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

export const logistic = (value: number): number => 1 / (1 + Math.exp(-value));

/** The place of the highest; the first of several. */
export const highest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

export const places = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => at);

/** Points on the 0–10 scale. */
export const onScale = (points: number, step = 1): number =>
  Math.min(10, Math.max(0, Math.round(points / step) * step));

/** A chance in steps of 5 %, never quite certain. */
export const inSteps = (chance: number): number =>
  Math.min(0.98, Math.max(0.02, Math.round(20 * chance) / 20));
