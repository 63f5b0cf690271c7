import { StoreInvariantError } from "../store-error.ts";

/** The shared transaction of what is committed together. Each throws what the database says. */
export interface Edges {
  begin(): void;
  commit(): void;
  /** Whether it still stands: SQLite itself rolls back on a full disk and on I/O errors. */
  isOpen(): boolean;
  rollback(): void;
}

/** `alone`: may not stand in a transaction with others. */
export type WorkKind = "read" | "write" | "alone";

/** `isShared`: it runs inside a transaction with others; what it resolves with is told when that has been committed. */
export type Work<T> = (isShared: boolean) => T | Promise<T>;

interface Piece {
  readonly kind: WorkKind;
  /** Never rejects: its caller is told in due time. */
  run(isShared: boolean): Promise<Outcome>;
  fail(problem: unknown): void;
}

interface Outcome {
  readonly tell: () => void;
  readonly problem?: unknown;
}

/** Commits in one turn of the event loop: each waits for the disk, and everything else waits with it. */
const MOST_COMMITS = 4;
const MOST_TOGETHER = 128;

/**
 * Runs what it is given one after the other, in the order asked; a failure is its caller's alone. What has come together while others were
 * at work is committed together: the disk is waited for once. Nobody is told of a success before it is on the disk.
 */
export function createCommits(edges: Edges): <T>(kind: WorkKind, work: Work<T>) => Promise<T> {
  const queue: Piece[] = [];
  const loop = createLoopTurns();
  let isBusy = false;

  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      if (queue[0]?.kind !== "read" && loop.commits() >= MOST_COMMITS) await loop.next();
      const group = queue.splice(0, groupSize(queue));
      if (group[0]?.kind !== "read") loop.committing();
      await (group.length === 1 ? runAlone(group) : runTogether(edges, group));
    }
    isBusy = false;
  };

  return (kind, work) => {
    const { piece, told } = pieceOf(kind, work);
    queue.push(piece);
    if (!isBusy) {
      isBusy = true;
      // What was queued would wait for ever.
      queueMicrotask(() => void drain().catch(breakInvariant));
    }
    return told;
  };
}

/** Reaches the process's supervisor as an unhandled rejection. */
function breakInvariant(cause: unknown): never {
  throw new StoreInvariantError("The queue of the database's transactions has stopped.", { cause });
}

function pieceOf<T>(kind: WorkKind, work: Work<T>): { piece: Piece; told: Promise<T> } {
  const { promise: told, resolve, reject } = Promise.withResolvers<T>();
  const piece: Piece = {
    kind,
    fail: reject,
    async run(isShared) {
      try {
        const result = await work(isShared);
        return { tell: () => resolve(result) };
      } catch (problem) {
        return { tell: () => reject(problem), problem };
      }
    },
  };
  return { piece, told };
}

/** How many of those in front are committed together. A read in front waits for no disk. */
function groupSize(queue: readonly Piece[]): number {
  if (queue[0]?.kind !== "write") return 1;
  const alone = queue.findIndex(({ kind }) => kind === "alone");
  return Math.min(MOST_TOGETHER, alone === -1 ? queue.length : alone);
}

async function runAlone(group: readonly Piece[]): Promise<void> {
  for (const piece of group) (await piece.run(false)).tell();
}

async function runTogether(edges: Edges, group: readonly Piece[]): Promise<void> {
  const outcomes: Outcome[] = [];
  try {
    edges.begin();
    for (const piece of group) {
      const outcome = await piece.run(true);
      if (!edges.isOpen()) throw outcome.problem;
      outcomes.push(outcome);
    }
    edges.commit();
  } catch (problem) {
    if (edges.isOpen()) edges.rollback();
    for (const piece of group) piece.fail(problem);
    return;
  }
  for (const { tell } of outcomes) tell();
}

/** Counts the commits in this turn of the event loop. */
function createLoopTurns() {
  let commits = 0;
  let next: Promise<void> | undefined;
  return {
    commits: () => commits,
    committing(): void {
      commits++;
      next ??= new Promise((resolve) => {
        setImmediate(() => {
          commits = 0;
          next = undefined;
          resolve();
        });
      });
    },
    next: async (): Promise<void> => next,
  };
}
