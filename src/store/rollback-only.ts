/** An open transaction. Once `failure` is set, it can only be rolled back. */
export interface RollbackOnly {
  /** The first error of any part. */
  failure: { readonly error: unknown } | null;
}

/** Runs a part of a transaction. If the part fails, the transaction becomes rollback-only, even if the caller catches the error. */
export async function markRollbackOnly<T>(span: RollbackOnly, part: () => Promise<T>): Promise<T> {
  try {
    return await part();
  } catch (error) {
    span.failure ??= { error };
    throw error;
  }
}
