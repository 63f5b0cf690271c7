import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { sizeOf } from "./play-setting.ts";
import type { SettingFigures } from "./measure-setting.ts";
import type { Assignment } from "./worker.ts";

const isFigures = z.custom<SettingFigures>(
  (value) => typeof value === "object" && value !== null && "rules" in value,
);

/** Plays settings in as many threads as the machine has cores, the largest first. In the order given. */
export async function playSettings(
  assignments: readonly Assignment[],
): Promise<readonly SettingFigures[]> {
  const figures = new Map<string, SettingFigures>();
  const waiting = assignments.toSorted((a, b) => workOf(b) - workOf(a));
  const threads = Math.min(availableParallelism(), assignments.length);
  await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url));
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        figures.set(next.name, await ask(worker, next));
      }
      await worker.terminate();
    }),
  );
  return assignments.flatMap(({ name }) => figures.get(name) ?? []);
}

const workOf = ({ setting, questions }: Assignment): number => questions * sizeOf(setting) ** 2;

const ask = (worker: Worker, assignment: Assignment): Promise<SettingFigures> =>
  new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (message: unknown) => {
      worker.off("error", reject);
      resolve(isFigures.parse(message));
    });
    worker.postMessage(assignment);
  });
