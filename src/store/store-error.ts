/** A store operation failed. The message says why and what to do. Nothing was written. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  /** `unreadable`: most likely a newer version wrote the data. */
  readonly kind:
    | "in_use"
    | "busy"
    | "read_only"
    | "full"
    | "damaged"
    | "unreadable"
    | "unreachable"
    | "other";
  /** PostgreSQL's SQLSTATE or the system's error code; null if there is none. */
  readonly code: string | null;

  constructor(
    kind: StoreError["kind"],
    message: string,
    { cause, code = null }: { readonly cause?: unknown; readonly code?: string | null } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.kind = kind;
    this.code = code;
  }
}

/** Another process has restarted this turn (its epoch has changed). The receiver must stop silently. */
export class FencedError extends Error {
  override readonly name = "FencedError";

  constructor(turn: string, epoch: number) {
    super(`Turn ${turn} has been started anew elsewhere; its start number ${epoch} is over.`);
  }
}

/** The store's guarantees no longer hold: writes may be lost or out of order. The process must exit, so that the next one starts clean. */
export class StoreInvariantError extends Error {
  override readonly name = "StoreInvariantError";
}
