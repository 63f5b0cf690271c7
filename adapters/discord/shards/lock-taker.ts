/** A named lock of the store; the processes of one bot share them. */
export interface HeldLock {
  /** Aborted when it is lost. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Takes a lock without waiting; null: another process has it. */
export type TakeLock = (name: string) => Promise<HeldLock | null>;
