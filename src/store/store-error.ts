/** The store could not do it. The message says why and what to do; nothing was written. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  /** `unreadable`: a newer version wrote it, most likely. */
  readonly kind:
    | "in_use"
    | "busy"
    | "read_only"
    | "full"
    | "damaged"
    | "unreadable"
    | "unreachable"
    | "other";
  /** PostgreSQL's SQLSTATE, or the system's error code; null where there is none. */
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

/** Somebody else has started this turn anew: whoever gets this stops without a word. */
export class FencedError extends Error {
  override readonly name = "FencedError";

  constructor(turn: string, epoch: number) {
    super(`Turn ${turn} has been started anew elsewhere; its start number ${epoch} is over.`);
  }
}

/** What the store promises no longer holds: writes may be lost or out of order. The process must end, so that the next one starts clean. */
export class StoreInvariantError extends Error {
  override readonly name = "StoreInvariantError";
}
