import type { Log } from "./log.ts";

/** For so long a problem that comes again is one line, ms: a database that is away is met several times a second. */
const WINDOW_MS = 30_000;
/** Different problems that are remembered. */
const MOST = 100;

export type ProblemLog = ReturnType<typeof createProblemLog>;

/** What Parley went on from, for whoever reads the log. `now`: ms, only differences mean something. */
export function createProblemLog(log: Log, now: () => number) {
  const lines = new Map<string, { readonly at: number; again: number }>();

  /** How often it came since its last line; undefined: that line is not old enough. */
  const repeated = (text: string): number | undefined => {
    const line = lines.get(text);
    if (line && now() - line.at < WINDOW_MS) {
      line.again++;
      return undefined;
    }
    if (lines.size >= MOST) lines.clear();
    lines.set(text, { at: now(), again: 0 });
    return line?.again ?? 0;
  };

  return {
    /** With what it is about, and its stack. */
    wentOnWithout: (problem: unknown, about: object): void => {
      const entry = { ...about, err: problem };
      const times = repeated(textOf(problem));
      if (times === undefined) log.debug(entry, "went on without");
      else log.warn({ ...entry, ...since(times) }, "went on without");
    },

    /** An error that nobody caught: the turn or event that it belongs to fails. */
    strayed: (problem: unknown, about: object): void => {
      const times = repeated(`stray: ${textOf(problem)}`);
      const entry = { ...about, err: problem };
      if (times === undefined) log.debug(entry, "an error that nobody caught");
      else log.error({ ...entry, ...since(times) }, "an error that nobody caught; Parley goes on");
    },

    /** What to do about it stands in the message; the rest is for those who look closer. */
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
