import { z } from "zod";
import type { MoveKind } from "../coordination/turn-event.ts";

/** How many tokens models write in each kind of move: measured, and kept across restarts. */
export interface OutputHistory {
  /** Output tokens to expect of a move, reasoning included: what three of four recent ones stayed within; null before the first few. `model`: `{backend type}:{model}`. */
  expected(model: string, kind: MoveKind): number | null;
  /** Records the output of a finished move. Never throws. */
  learn(model: string, kind: MoveKind, output: number): void;
}

/** Where the measurements are kept. */
export interface OutputRecords {
  get(key: string): Promise<string | null>;
  put(key: string, text: string): Promise<void>;
}

const KEY = "outputs";
const SAMPLES = 20;
/** Before this, a prior is the better guess. */
const ENOUGH = 3;
const QUANTILE = 0.75;
/** An expectation that changed by less is not worth a write. */
const NEWS = 0.2;
const MOST_MODELS = 200;

const Stored = z.record(z.string(), z.array(z.number()));

export interface StoredOutputHistory extends OutputHistory {
  /** Reads what earlier processes measured. Never rejects. */
  load(): Promise<void>;
}

/** `onProblem`: the records cannot be read or written; measurements then last as long as the process. */
export function createOutputHistory(
  records: OutputRecords | null,
  onProblem: (problem: unknown) => void,
): StoredOutputHistory {
  const samples = new Map<string, readonly number[]>();
  const written = new Map<string, number>();
  const expectedOf = (key: string): number | null => {
    const recent = (samples.get(key) ?? []).toSorted((a, b) => a - b);
    return recent.length < ENOUGH ? null : (recent[Math.floor(recent.length * QUANTILE)] ?? null);
  };
  const save = (key: string, expected: number): void => {
    written.set(key, expected);
    const all = JSON.stringify(Object.fromEntries([...samples].slice(-MOST_MODELS)));
    records?.put(KEY, all).catch(onProblem);
  };
  return {
    expected: (model, kind) => expectedOf(`${model} ${kind}`),
    learn(model, kind, output) {
      if (!(output > 0)) return;
      const key = `${model} ${kind}`;
      const recent = [...(samples.get(key) ?? []), output].slice(-SAMPLES);
      // The most recently used models come last, and are kept.
      samples.delete(key);
      samples.set(key, recent);
      const expected = expectedOf(key);
      const before = written.get(key) ?? 0;
      if (expected !== null && Math.abs(expected - before) > NEWS * before) save(key, expected);
    },
    async load() {
      try {
        const stored = Stored.safeParse(JSON.parse((await records?.get(KEY)) ?? "{}"));
        for (const [key, recent] of Object.entries(stored.data ?? {})) {
          samples.set(key, recent.slice(-SAMPLES));
          written.set(key, expectedOf(key) ?? 0);
        }
      } catch (problem) {
        onProblem(problem);
      }
    },
  };
}
