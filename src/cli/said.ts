/** What a command of the executable says. */
export interface Said {
  /** For standard output. */
  readonly lines: readonly string[];
  /** For standard error. */
  readonly notes?: readonly string[];
  /** The exit code. */
  readonly code: 0 | 1;
}
