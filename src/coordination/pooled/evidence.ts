import type { AgentId } from "../../ids.ts";
import type { Policy } from "../policy.ts";
import type { RevisionId } from "../turn-event.ts";
import type { TurnState } from "../turn-state.ts";

/** One ballot moves one answer by no more than this, in log-odds. */
export const MOST_EVIDENCE = 2.2;
/** Log-odds of a point on the 0–10 scale. */
const POINT = 0.9;
const MOST_LOGIT = 3;
/** How much a reviewer's track record weighs, and the least and most that one reviewer counts. */
const READER = 0.5;
const LEAST_WEIGHT = 0.25;
const MOST_WEIGHT = 3;

const clip = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** What one read says about each answer that it scored: above or below the ballot's mean, in bounded log-odds. */
export function evidenceOf(
  scores: Readonly<Record<string, number>>,
  ballot: Policy["ballot"],
): Readonly<Record<string, number>> {
  const values = Object.entries(scores).map(
    ([revision, score]) => [revision, ballot === "chance" ? logit(score / 10) : score] as const,
  );
  const mean = values.reduce((sum, [, value]) => sum + value, 0) / Math.max(1, values.length);
  const unit = ballot === "chance" ? 1 : POINT;
  return Object.fromEntries(
    values.map(([revision, value]) => [revision, clip(unit * (value - mean), MOST_EVIDENCE)]),
  );
}

const logit = (chance: number): number =>
  clip(Math.log(Math.max(chance, 1e-9) / Math.max(1 - chance, 1e-9)), MOST_LOGIT);

/** What one reviewer says about one answer: the sum over its reads, and how often it read it. */
export interface Reading {
  readonly reviewer: AgentId;
  readonly weight: number;
  readonly sum: number;
  readonly reads: number;
}

/** The evidence for one answer. */
export interface Evidence {
  readonly readings: readonly Reading[];
  /** People's choices: bounded ballots with a weight of their own. */
  readonly people: { readonly sum: number; readonly weight: number };
}

/** How much a reviewer counts, by its agent's track record. */
export const readerWeight = (skill: number): number =>
  Math.min(MOST_WEIGHT, Math.max(LEAST_WEIGHT, Math.exp(READER * skill)));

/** All counted evidence for a revision. */
export function evidenceFor(state: TurnState, revision: RevisionId): Evidence {
  const readings = new Map<AgentId, Reading>();
  for (const ballot of state.ballots) {
    const value = ballot.evidence[revision];
    if (ballot.void || value === undefined) continue;
    const before = readings.get(ballot.reviewer);
    readings.set(ballot.reviewer, {
      reviewer: ballot.reviewer,
      weight: readerWeight(skillOf(state, ballot.reviewer)),
      sum: (before?.sum ?? 0) + value,
      reads: (before?.reads ?? 0) + 1,
    });
  }
  return { readings: [...readings.values()], people: peopleFor(state, revision) };
}

/** An agent's track record when the turn started: log-odds of being right, against the team's mean. */
export const skillOf = ({ skills }: TurnState, agent: AgentId): number => skills[agent] ?? 0;

function peopleFor(state: TurnState, revision: RevisionId): Evidence["people"] {
  const weight = state.policy.limits.people_weight;
  const parts = Object.values(state.preferences)
    .filter(({ standing }) => standing.includes(revision))
    .map(({ revision: chosen, standing }) =>
      chosen === revision ? MOST_EVIDENCE : -MOST_EVIDENCE / Math.max(1, standing.length - 1),
    );
  return { sum: weight * parts.reduce((a, b) => a + b, 0), weight: weight * parts.length };
}

/** The weighted mean over reviewers, each with the mean of its reads; null: nobody has judged it. */
export function meanEvidence({ readings, people }: Evidence): number | null {
  const weight = readings.reduce((sum, reading) => sum + reading.weight, people.weight);
  if (weight === 0) return null;
  const sum = readings.reduce((a, { weight: w, sum: s, reads }) => a + (w * s) / reads, people.sum);
  return sum / weight;
}
