/** What the simulated team of the calibrated world is like. Values: how two families of public ballots behave, measured once. */
export interface Calibrated {
  readonly families: readonly number[];
  /** Probit scale: 0.67 is right three times in four. One per agent. */
  readonly ability: readonly number[];
  /** Share of the latent variance that all agents have in common. */
  readonly shared: number;
  /** Share that agents of one family have in common as well. */
  readonly family: number;
  /** Chance that a wrong answer is the question's trap. */
  readonly trap: number;
  /** Chance that it is the trap of its family; any other wrong answer is its own. */
  readonly familyTrap: number;
  /** What a right answer gains with a reviewer that was right itself, in units of its noise. */
  readonly disc: number;
  /** The same with a reviewer that was wrong. */
  readonly discWrong: number;
  /** How much that differs between reviewers, log scale. */
  readonly discSd: number;
  /** How convincing a claim looks to everybody, standard deviation. */
  readonly plausible: number;
  /** Traps look better than other errors. */
  readonly trapPlausible: number;
  /** A reviewer's own error about a claim, standard deviation. */
  readonly opinion: number;
  /** Its error about one text, fresh in every read. */
  readonly noise: number;
  /** Bonuses: for its own text, for what it said too, for its family, for the first in the list, per deviation of length. */
  readonly own: number;
  readonly same: number;
  readonly kin: number;
  readonly first: number;
  readonly verbose: number;
  /** Scores: centre and its deviation between reviewers, spread, points a unit, step. */
  readonly centre: number;
  readonly lenient: number;
  readonly spread: number;
  readonly points: number;
  readonly step: number;
  /** Chance that equal claims are seen to be equal, and that different ones are taken for equal. */
  readonly merge: number;
  readonly falseMerge: number;
  /** How far a reviewer's stated chances spread with its real discernment. */
  readonly sure: number;
  /** Share of a reviewer's error that is fresh in a second read. */
  readonly fresh: number;
}

const BASE: Calibrated = {
  families: [0, 1, 2, 3],
  ability: [0.9, 0.75, 0.6, 0.45],
  shared: 0.6,
  family: 0.12,
  trap: 0.72,
  familyTrap: 0.15,
  disc: 1.7,
  discWrong: 0.5,
  discSd: 0.35,
  plausible: 0.7,
  trapPlausible: 0.3,
  opinion: 0.6,
  noise: 0.6,
  own: 0.3,
  same: 0.5,
  kin: 0.15,
  first: 0.25,
  verbose: 0.2,
  centre: 8,
  lenient: 0.7,
  spread: 0.45,
  points: 1.1,
  step: 1,
  merge: 1,
  falseMerge: 0,
  sure: 0.5,
  fresh: 0.5,
};

export const calibrated = (changes: Partial<Calibrated> = {}): Calibrated => ({
  ...BASE,
  ...changes,
});

/** The fourteen settings in which errors are shared as strongly as public data says. */
export const CALIBRATED: Readonly<Record<string, Calibrated>> = {
  "four able agents": calibrated(),
  "strong self-preference": calibrated({ own: 1, same: 1 }),
  "strong position bias": calibrated({ first: 1 }),
  "uneven team": calibrated({ ability: [1.4, 0.5, 0.3, 0.1] }),
  "three agents": calibrated({ ability: [0.9, 0.75, 0.6], families: [0, 1, 2] }),
  "seven agents": calibrated({
    families: [0, 1, 2, 3, 0, 1, 2],
    ability: [1, 0.85, 0.75, 0.65, 0.55, 0.45, 0.35],
  }),
  "one family": calibrated({ families: [0, 0, 0, 0], family: 0.2, familyTrap: 0.25 }),
  "free form, equality seen 80 %": calibrated({
    trap: 0.45,
    familyTrap: 0.1,
    merge: 0.8,
    falseMerge: 0.03,
  }),
  "open-ended, equality never seen": calibrated({ trap: 0.45, familyTrap: 0.1, merge: 0 }),
  "traps mislead the able": calibrated({ trap: 0.9, trapPlausible: 1 }),
  "weak reviewers": calibrated({ disc: 0.9, discWrong: 0.2 }),
  "strong reviewers": calibrated({ disc: 3, discWrong: 1.2, plausible: 0.5 }),
  "verbose wins": calibrated({ verbose: 0.8 }),
  "frontier, like GPQA": calibrated({
    ability: [1.08, 1, 0.9, 0.5],
    shared: 0.63,
    trap: 0.8,
    discWrong: 0.4,
  }),
};

/** What the simulated team is like in the world of independent errors, where agents differ anew at every question. */
export interface Independent {
  readonly agents: number;
  /** How unequal the agents are. */
  readonly sd: number;
  /** Bonus for what the reviewer said too, for its own text, and for the first in the list. */
  readonly own: number;
  readonly self: number;
  readonly position: number;
  /** What a right answer gains at most. */
  readonly disc: number;
  readonly noise: number;
  /** Share of the noise that is fresh in a second read. */
  readonly fresh: number;
}

export const independent = (changes: Partial<Independent> = {}): Independent => ({
  agents: 4,
  sd: 0.4,
  own: 0.5,
  self: 0.3,
  position: 0.2,
  disc: 1.2,
  noise: 0.6,
  fresh: 1,
  ...changes,
});

const MIXED = { sd: 0.5, own: 0.6, self: 0.4, position: 0.3 };

export const INDEPENDENT: Readonly<Record<string, Independent>> = {
  "mild bias": independent(),
  "strong self-preference": independent({ own: 1, self: 0.8 }),
  "strong position bias": independent({ position: 0.9 }),
  "uneven team": independent({ ...MIXED, sd: 1 }),
  "three agents": independent({ ...MIXED, agents: 3 }),
  "seven agents": independent({ ...MIXED, agents: 7 }),
};
