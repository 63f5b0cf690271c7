import { createLoop } from "../../loop-gate.ts";
import { StoreInvariantError } from "../store-error.ts";

/** Controls the transaction of a group commit. Each method throws the database's error. */
export interface Edges {
  begin(): void;
  commit(): void;
  /** Whether the transaction is still open. SQLite itself rolls back on a full disk and on I/O errors. */
  isOpen(): boolean;
  rollback(): void;
}

/** `alone`: must not share a transaction. */
export type WorkKind = "read" | "write" | "alone";

/** `isShared`: runs inside a transaction with others. Its caller gets the result after the commit. */
export type Work<T> = (isShared: boolean) => T | Promise<T>;

interface Piece {
  readonly kind: WorkKind;
  /** Never rejects: the caller gets the outcome later. */
  run(isShared: boolean): Promise<Outcome>;
  fail(problem: unknown): void;
}

interface Outcome {
  readonly tell: () => void;
  readonly problem?: unknown;
}

/** Commits per iteration of the event loop. Each commit blocks the process while it waits for the disk, and statements while they run. */
const MOST_COMMITS = 4;
/** Their callers all go on in the same iteration. */
const MOST_TOGETHER = 32;

/**
 * Runs work one at a time, in call order; a failure affects only its caller. Group commit: work that queued up meanwhile shares one commit, and
 * so one wait for the disk. Callers see success only after the data is on disk.
 */
export function createCommits(edges: Edges): <T>(kind: WorkKind, work: Work<T>) => Promise<T> {
  const queue: Piece[] = [];
  const share = createShare();
  let isBusy = false;

  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      const commits = queue[0]?.kind !== "read";
      while (share.isUsedUp(commits)) await share.next();
      if (commits) share.commit();
      const group = queue.splice(0, groupSize(queue));
      await (group.length === 1 ? runAlone(group) : runTogether(edges, group));
    }
    isBusy = false;
  };

  return (kind, work) => {
    const { piece, told } = pieceOf(kind, work);
    queue.push(piece);
    if (!isBusy) {
      isBusy = true;
      // Otherwise queued work would wait forever.
      queueMicrotask(() => void drain().catch(breakInvariant));
    }
    return told;
  };
}

/** The supervisor receives this as an unhandled rejection. */
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

/** How many tasks at the head of the queue share the next commit. A read at the head does not wait for the disk. */
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

/** What the database may take of each iteration of the event loop. */
function createShare() {
  const loop = createLoop();
  let iteration = loop();
  let commits = 0;
  return {
    isUsedUp(commitsNext: boolean): boolean {
      if (loop() !== iteration) commits = 0;
      iteration = loop();
      return (commitsNext && commits >= MOST_COMMITS) || iteration.isSpent();
    },
    commit: (): void => void commits++,
    next: (): Promise<void> => iteration.over,
  };
}
