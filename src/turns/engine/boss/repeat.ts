import type { Clock } from "../../../clock.ts";

/** Runs `work` every `ms`, one run at a time, and reports rejections to `onProblem`. The returned function stops it and waits for the current run. */
export function repeat(
  clock: Clock,
  ms: number,
  work: () => Promise<void>,
  onProblem: (problem: unknown) => void,
): () => Promise<void> {
  let isOver = false;
  let cancel = () => {};
  let last = Promise.resolve();
  const plan = () => {
    if (isOver) return;
    cancel = clock.setTimer(ms, () => {
      last = work().catch(onProblem).then(plan);
    });
  };
  plan();
  return async () => {
    isOver = true;
    cancel();
    await last;
  };
}
