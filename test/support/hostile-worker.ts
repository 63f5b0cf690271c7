import { parentPort } from "node:worker_threads";
import { measureGrowth, MOST_GROWTH } from "./growth.ts";
import { HOSTILE } from "./hostile-text.ts";
import { hostilePairs } from "./hostile-pairs.ts";
import { READERS } from "./outside-text.ts";

/** What the tests ask of the worker. */
export type HostileJob =
  | { readonly type: "read"; readonly text: string }
  | {
      readonly type: "grow";
      readonly reader: string;
      readonly length: number;
      /** Measures the kinds at `index % share === at % share`, and so many pairs. */
      readonly at: number;
      readonly share: number;
      readonly pairs: number;
    };

/** `began` comes before each reading, so that who waits knows what never ended. */
export type HostileReport =
  | { readonly type: "began"; readonly reader: string; readonly what: string }
  /** `problems`: what took too long or threw, in sentences. */
  | { readonly type: "ended"; readonly problems: readonly string[] };

const readers = new Map(Object.values(READERS).flatMap((group) => Object.entries(group)));
const report = (message: HostileReport): void => parentPort?.postMessage(message);

function grown({ reader, length, at, share, pairs }: Extract<HostileJob, { type: "grow" }>) {
  const run = readers.get(reader);
  if (!run) return [`There is no reader “${reader}”.`];
  const kinds = Object.entries(HOSTILE).filter((_, index) => index % share === at % share);
  return [...kinds, ...hostilePairs(at, pairs)].flatMap(([what, make]) => {
    report({ type: "began", reader, what });
    const { once, twice, ratio } = measureGrowth(run, make, length);
    const shown = `${what}: ${once.toFixed(1)} ms, then ${twice.toFixed(1)} ms`;
    return ratio <= MOST_GROWTH ? [] : [shown];
  });
}

function thrown(text: string): readonly string[] {
  return [...readers].flatMap(([reader, read]) => {
    report({ type: "began", reader, what: JSON.stringify(text) });
    try {
      read(text);
      return [];
    } catch (error) {
      return [`${reader}: ${String(error)}`];
    }
  });
}

parentPort?.on("message", (job: HostileJob) => {
  report({ type: "ended", problems: job.type === "grow" ? grown(job) : thrown(job.text) });
});
