import type { Clock } from "../../../clock.ts";

/** Does `work` every `ms`, never twice at once. What it rejects with goes to `onProblem`. The result ends it, once what is under way is done. */
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
