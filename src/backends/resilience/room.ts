import type { SentCall } from "./trial.ts";

/** So often in a row there was no room for one more. */
const REPEATED = 4;
/** The same of calls that were sent alone, each after a pause. */
const REPEATED_ALONE = 2;

/**
 * Tells whether a provider refuses calls for their number at once or for their rate. Under a rate limit, it takes more calls on a moment later, while
 * as many are under way.
 */
export function createRoom() {
  let serving = 0;
  let servingAtRefusal = 0;
  /** The most that were under way at once since the last burst of refusals, and before it. */
  let most = 0;
  let mostBefore = 0;
  let repeated = 0;
  let repeatedAlone = 0;
  return {
    isServing: (): boolean => serving > 0,
    tookOn(): void {
      if (serving >= servingAtRefusal) repeated = 0;
      repeatedAlone = 0;
      serving += 1;
      most = Math.max(most, serving);
    },
    /** A call that was taken on has ended. */
    served: (): void => void (serving -= 1),
    /** How many calls have room at once, if that is why one was refused; else null. */
    refused({ isAlone, isFirstOfBurst }: SentCall): number | null {
      if (isAlone) repeatedAlone += 1;
      if (isFirstOfBurst()) {
        if (most === mostBefore) repeated += 1;
        mostBefore = most;
        most = serving;
      }
      servingAtRefusal = serving;
      const isKnown = repeated >= REPEATED || repeatedAlone >= REPEATED_ALONE;
      return isKnown && mostBefore > 0 ? mostBefore : null;
    },
  };
}
