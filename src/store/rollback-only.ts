/** A transaction under way. */
export interface RollbackOnly {
  /** The first error of a part of it, after which only a rollback is left. */
  failure: { readonly error: unknown } | null;
}

/** Runs a part of a transaction, which fails as a whole when that does, even if somebody catches the error. */
export async function markRollbackOnly<T>(span: RollbackOnly, part: () => Promise<T>): Promise<T> {
  try {
    return await part();
  } catch (error) {
    span.failure ??= { error };
    throw error;
  }
}
