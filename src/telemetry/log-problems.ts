import { createRepeatFilter } from "../repeat-filter.ts";
import type { Log } from "./log.ts";

/** A repeated problem is logged once per window, ms: a lost database causes several a second. */
const WINDOW_MS = 30_000;
/** Number of distinct problems to remember. */
const MOST = 100;

export type ProblemLog = ReturnType<typeof createProblemLog>;

/** Logs problems that Parley recovered from. `now`: ms; only differences matter. */
export function createProblemLog(log: Log, now: () => number) {
  const repeated = createRepeatFilter({ periodMs: WINDOW_MS, max: MOST, now });

  return {
    /** Logs a problem with its subject and stack. */
    wentOnWithout: (problem: unknown, about: object): void => {
      const entry = { ...about, err: problem };
      const times = repeated(textOf(problem));
      if (times === undefined) log.debug(entry, "continued after a problem");
      else log.warn({ ...entry, ...since(times) }, "continued after a problem");
    },

    /** Logs an uncaught error; the turn or event it belongs to fails. */
    strayed: (problem: unknown, about: object): void => {
      const times = repeated(`stray: ${textOf(problem)}`);
      const entry = { ...about, err: problem };
      if (times === undefined) log.debug(entry, "an error that nobody caught");
      else log.error({ ...entry, ...since(times) }, "an error that nobody caught; Parley goes on");
    },

    /** Logs the message, which says what to do; details go to the debug level. */
    reported: (problem: unknown): void => {
      const times = repeated(textOf(problem));
      if (times !== undefined) log.warn(since(times), textOf(problem));
      log.debug({ err: problem }, "reported by an adapter");
    },
  };
}

const textOf = (problem: unknown): string =>
  problem instanceof Error ? problem.message : String(problem);

const since = (times: number) => (times > 0 ? { repeated: times } : {});
