import type { AgentId } from "../../src/ids.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import { type Level, learnLevels } from "../../src/track-records/learn-levels.ts";
import { recordTurn } from "../../src/track-records/record-turn.ts";
import { skillsOf } from "../../src/track-records/skills-of.ts";
import type { MarkedRecord } from "../../src/track-records/turn-record.ts";
import { finish } from "../../src/slices.ts";
import { createDeviates } from "./question.ts";

/** Track records are learned anew after so many turns. */
const LEARN_EVERY = 50;
/** People mark so many posted answers, and so many of their marks are wrong. */
const MARKED = 0.1;
const MISTAKEN = 0.15;

/** What one rule knows of its agents in one space. */
export interface TrackBook {
  readonly skills: () => Readonly<Record<string, number>>;
  /** `isRight`: the posted answer is. */
  readonly add: (state: TurnState, isRight: boolean) => void;
}

/** The product's track records. `prior`: what is known of each agent's model before, log-odds; `learns`: turns are recorded. */
export function createTrackBook(
  agents: readonly AgentId[],
  {
    prior,
    learns,
    seed,
  }: { readonly prior: readonly number[]; readonly learns: boolean; readonly seed: number },
): TrackBook {
  const { uniform } = createDeviates(seed);
  const priorOf = (model: string) => prior[agents.findIndex((id) => id === model)] ?? 0;
  const records: MarkedRecord[] = [];
  const skillsBy = (learned: readonly Level[]) => {
    const skills = skillsOf(agents, learned, priorOf);
    return Object.fromEntries(agents.map((id, seat) => [id, skills[seat] ?? 0]));
  };
  let skills = skillsBy([]);
  return {
    skills: () => skills,
    add(state, isRight) {
      const record = learns ? recordTurn(state, (agent) => agent) : null;
      if (!record) return;
      const verdict = isRight === uniform() >= MISTAKEN ? 1 : -1;
      records.push({ ...record, marks: uniform() < MARKED ? verdict : 0 });
      if (records.length % LEARN_EVERY !== 0) return;
      skills = skillsBy(finish(learnLevels(records, priorOf)));
    },
  };
}
