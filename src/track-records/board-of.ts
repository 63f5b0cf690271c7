import type { Level } from "./learn-levels.ts";
import type { ModelRecord, TrackBoard, TurnRecord } from "./turn-record.ts";

type Told = TurnRecord & { readonly ups: number; readonly downs: number };

/** What a space's records add up to, the models with the most turns first. */
export function boardOf(records: readonly Told[], levels: readonly Level[]): TrackBoard {
  const names = [...new Set(records.flatMap(({ results }) => results.flat()))];
  const models = names.map((model): ModelRecord => {
    const own = records.filter(({ results }) => results.some((result) => result.includes(model)));
    const posted = own.filter(({ results, posted: at }) =>
      (results[at ?? -1] ?? []).includes(model),
    );
    const learned = levels.find((level) => level.model === model);
    return {
      model,
      turns: own.length,
      telling: learned?.turns ?? 0,
      posted: posted.length,
      ups: posted.reduce((sum, { ups }) => sum + ups, 0),
      downs: posted.reduce((sum, { downs }) => sum + downs, 0),
      level: learned?.level ?? null,
      half: learned?.half ?? null,
    };
  });
  return {
    turns: records.length,
    models: models.toSorted((a, b) => b.turns - a.turns || a.model.localeCompare(b.model)),
  };
}
