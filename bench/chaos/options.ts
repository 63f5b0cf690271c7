import { parseArgs } from "node:util";

/** How much is asked, and how much is broken. */
export interface ChaosOptions {
  readonly turns: number;
  readonly seed: number;
  /** One process on SQLite, which is killed and started again; else three on PostgreSQL, some of which freeze. */
  readonly isEmbedded: boolean;
  readonly isJson: boolean;
  /** Bot processes. */
  readonly processes: number;
  readonly kills: number;
  readonly freezes: number;
  /** Share of all platform calls that go wrong. */
  readonly faults: number;
  /** In which the questions are put, ms. */
  readonly askingMs: number;
}

/** No fewer in a whole run; a shorter one has its share. */
const WHOLE_TURNS = 500;
const WHOLE_KILLS = 12;
const WHOLE_FREEZES = 10;
/** Of wall time, ms: three model calls a second, which two cores carry beside three bots and PostgreSQL. */
const MS_PER_TURN = 620;

/** Throws on what it cannot read. */
export function readChaosOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      turns: { type: "string", default: String(WHOLE_TURNS) },
      seed: { type: "string", default: "1" },
      faults: { type: "string", default: "10" },
      kills: { type: "string" },
      freezes: { type: "string" },
      sqlite: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const turns = readNumber("turns", values.turns, { least: 1, most: 10_000 });
  const share = turns / WHOLE_TURNS;
  const kills = values.kills ?? String(Math.max(3, Math.round(share * WHOLE_KILLS)));
  const freezes = values.freezes ?? String(Math.max(2, Math.round(share * WHOLE_FREEZES)));
  return {
    turns,
    seed: readNumber("seed", values.seed, { least: 0, most: 2 ** 32 }),
    isEmbedded: values.sqlite,
    isJson: values.json,
    processes: values.sqlite ? 1 : 3,
    kills: readNumber("kills", kills, { least: 0, most: 1_000 }),
    // Nobody takes over from the only process.
    freezes: values.sqlite ? 0 : readNumber("freezes", freezes, { least: 0, most: 1_000 }),
    faults: readNumber("faults", values.faults, { least: 0, most: 50 }) / 100,
    askingMs: turns * MS_PER_TURN,
  };
}

function readNumber(name: string, text: string, { least, most }: { least: number; most: number }) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} takes a whole number from ${least} to ${most}, not ${text}.`);
}
