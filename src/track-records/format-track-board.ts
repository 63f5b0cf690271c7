import type { ReplyBlock } from "../reply.ts";
import type { ModelRecord, TrackBoard } from "./turn-record.ts";

/** What the figures mean, for people. */
const ABOUT = [
  "**Ability** says how much more (+) or less (−) often a model is right than the others here, where some agree and others do not: +0.7 doubles its odds. The second figure is half of the 95 % interval.",
  "Nobody knows which answers were right: Parley infers it from who agrees with whom, the reviews, and 👍 and 👎. A model without a figure has no turn that tells.",
];

/** A space's track records as a table in plain words. */
export function formatTrackBoard({ turns, models }: TrackBoard): {
  readonly lines: readonly string[];
  readonly table: Extract<ReplyBlock, { readonly type: "table" }>;
} {
  const levels = models.flatMap(({ level }) => level ?? []);
  const middle = levels.reduce((a, b) => a + b, 0) / Math.max(1, levels.length);
  return {
    lines: [`From the last ${turns} team turns of this space.`, ...ABOUT],
    table: {
      type: "table",
      columns: ["Model", "Turns", "of them telling", "Ability", "Its result was posted", "👍 / 👎"],
      rows: models.map((record) => rowOf(record, middle)),
    },
  };
}

function rowOf(record: ModelRecord, middle: number): readonly string[] {
  const { model, turns, telling, posted, ups, downs, level, half } = record;
  const share = `${Math.round((100 * posted) / Math.max(1, turns))} %`;
  const ability = level === null ? "–" : `${signed(level - middle)} ± ${(half ?? 0).toFixed(1)}`;
  return [model, String(turns), String(telling), ability, share, `${ups} / ${downs}`];
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(1);
  if (text === "0.0") return text;
  return `${value > 0 ? "+" : "−"}${text}`;
}
