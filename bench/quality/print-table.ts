import { mergeBins, printChances } from "./chance-calibration.ts";
import { printComparison } from "./compare-ballots.ts";
import { type Estimate, meanOf } from "./gap.ts";
import type { RuleFigures, SettingFigures } from "./measure-setting.ts";
import { average } from "./question.ts";

const whole = ({ value, half }: Estimate): string => `${value.toFixed(0)} ± ${half.toFixed(0)}`;
const points = ({ value, half }: Estimate): string =>
  `${value >= 0 ? "+" : ""}${value.toFixed(1)} ± ${half.toFixed(1)}`;

/** Prints what each rule does in each setting, and over all of them. */
export function printTable(title: string, settings: readonly SettingFigures[]): void {
  console.log(`\n${title}`);
  console.log(
    "setting                           right %: agents  ablest  MassGen  oracle  unanimous %  error phi  equal alike %",
  );
  for (const { name, agents, ablest, massgen, oracle, unanimous, ...rest } of settings) {
    const cells = [agents, ablest, massgen, oracle].map((x) => x.toFixed(1).padStart(8));
    const more = [unanimous.toFixed(1).padStart(13), rest.correlation.toFixed(2).padStart(11)];
    const alike = rest.precision.toFixed(0).padStart(15);
    console.log(`${name.padEnd(38)}${[...cells, ...more, alike].join("")}`);
  }
  const names = new Set(settings.flatMap(({ rules }) => Object.keys(rules)));
  for (const rule of names) printRule(rule, settings);
}

/** Prints what chances gain over scores, over all settings. `questions`: in each. */
export function printBallots(settings: readonly SettingFigures[], questions: number): void {
  const gains = settings.flatMap(({ chanceGain }) => chanceGain ?? []);
  if (gains.length > 0) printComparison(meanOf(gains), questions * gains.length);
}

function printRule(rule: string, settings: readonly SettingFigures[]): void {
  console.log(
    `\n${rule.padEnd(34)}gap closed %  single → oracle %  points over ablest  calls/(2N+1)  early %  tokens  ties %`,
  );
  const rows = settings.flatMap(({ name, rules }) => {
    const figures = rules[rule];
    return figures ? [{ name, figures }] : [];
  });
  for (const { name, figures } of rows) console.log(rowOf(name, figures));
  printCertainty(rows.map(({ figures }) => figures));
  printChances(mergeBins(rows.map(({ figures }) => figures.chances)));
  const { least, mean, calls, below } = summarise(rows.map(({ figures }) => figures));
  console.log(
    `${"all".padEnd(34)}min ${least.toFixed(0)}, mean ${whole(mean)}; below the ablest in ${below}; calls ${calls.toFixed(2)}`,
  );
}

function printCertainty(figures: readonly RuleFigures[]): void {
  const parts = (["agree", "clear", "split"] as const).map((kind) => {
    const shares = figures.map(({ certainty }) => certainty[kind]);
    const total = shares.reduce((sum, { share }) => sum + share, 0);
    const right = shares.reduce((sum, one) => sum + one.share * one.right, 0) / Math.max(1, total);
    return `${kind} ${(total / figures.length).toFixed(0)} % (right ${right.toFixed(0)} %)`;
  });
  if (figures.some(({ certainty }) => certainty.agree.share > 0)) console.log(parts.join(", "));
}

const rowOf = (name: string, figures: RuleFigures): string => {
  const { gap, single, overAblest, calls, early, tokens, ties } = figures;
  return [
    name.padEnd(34),
    whole(gap).padStart(12),
    whole(single).padStart(19),
    points(overAblest).padStart(20),
    calls.toFixed(2).padStart(14),
    early.toFixed(0).padStart(9),
    tokens.toFixed(0).padStart(8),
    ties.toFixed(0).padStart(8),
  ].join("");
};

/** A rule over several settings. */
export function summarise(figures: readonly RuleFigures[]) {
  return {
    least: Math.min(...figures.map(({ gap }) => gap.value)),
    mean: meanOf(figures.map(({ gap }) => gap)),
    calls: average(figures.map(({ calls }) => calls)),
    below: figures.filter(({ overAblest: { value, half } }) => value < -half).length,
  };
}
