import { parseArgs } from "node:util";
import type { SettingFigures } from "./measure-setting.ts";
import { playSettings } from "./play-settings.ts";
import { printBallots, printTable, summarise } from "./print-table.ts";
import { replayBallots } from "./real-ballots.ts";
import { runReal } from "./real/run-real.ts";
import { CHANCE_RULE, DEFAULT_RULE } from "./rules.ts";
import { CALIBRATED, INDEPENDENT } from "./settings.ts";
import type { Assignment } from "./worker.ts";

const SEED = 9_001;
/** Questions of each setting: what two cores play in about half of four minutes. Independent errors need more of them for the same interval. */
const QUESTIONS = { independent: 1_500, calibrated: 700 };

/** How often the team is right, by rule: with simulated agents, on real ballots, or with real models. */
export async function runQualityBench(args: readonly string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: "boolean" },
      seed: { type: "string", default: String(SEED) },
      turns: { type: "string" },
      ballots: { type: "string", default: "../shared/data/ballots" },
      team: { type: "string" },
      questions: { type: "string", default: "bench/quality/questions.jsonl" },
      "max-cost-usd": { type: "string", default: "1" },
    },
  });
  const seed = Number(values.seed);
  if (values.team !== undefined) {
    return runReal({
      team: values.team,
      questions: values.questions,
      maxCostUsd: Number(values["max-cost-usd"]),
      seed,
    });
  }
  const count = (world: keyof typeof QUESTIONS) => Number(values.turns ?? QUESTIONS[world]);
  const assignments = [
    ...assign("independent", INDEPENDENT, { seed, questions: count("independent") }),
    ...assign("calibrated", CALIBRATED, { seed, questions: count("calibrated") }),
  ];
  const played = await playSettings(assignments);
  const independent = part(played, "independent");
  const calibrated = part(played, "calibrated");
  printTable("Independent errors", independent);
  printBallots(independent, count("independent"));
  printTable("Shared errors, calibrated on public ballots", calibrated);
  printBallots(calibrated, count("calibrated"));
  await replayBallots(values.ballots, seed);
  return figuresOf(independent, calibrated);
}

const assign = (
  world: string,
  settings: Readonly<Record<string, Assignment["setting"]>>,
  { seed, questions }: { readonly seed: number; readonly questions: number },
): readonly Assignment[] =>
  Object.entries(settings).map(([name, setting], at) => ({
    name: `${world}: ${name}`,
    setting,
    questions,
    seed: seed + 101 * at,
  }));

const part = (played: readonly SettingFigures[], world: string): readonly SettingFigures[] =>
  played
    .filter(({ name }) => name.startsWith(`${world}: `))
    .map((figures) => ({ ...figures, name: figures.name.slice(world.length + 2) }));

function figuresOf(
  independent: readonly SettingFigures[],
  calibrated: readonly SettingFigures[],
): Record<string, number> {
  const of = (settings: readonly SettingFigures[]) =>
    summarise(settings.flatMap(({ rules }) => rules[DEFAULT_RULE] ?? []));
  const legacy = of(independent);
  const shared = of(calibrated);
  const named = (name: string) =>
    calibrated.find((setting) => setting.name === name)?.rules[DEFAULT_RULE];
  return {
    legacy_min_pct: legacy.least,
    legacy_mean_pct: legacy.mean.value,
    calibrated_min_pct: shared.least,
    calibrated_mean_pct: shared.mean.value,
    calibrated_mean_chance_pct: summarise(
      calibrated.flatMap(({ rules }) => rules[CHANCE_RULE] ?? []),
    ).mean.value,
    uneven_vs_ablest: named("uneven team")?.overAblest.value ?? 0,
    calls_ratio_legacy: legacy.calls,
    calls_ratio_calibrated: shared.calls,
    gpqa_single_to_oracle_pct: named("frontier, like GPQA")?.single.value ?? 0,
  };
}
