/** What a server said when it refused a request. */
export interface Said {
  /** HTTP status; absent for an error in a stream, or in a reply with status 200. */
  readonly status: number | undefined;
  /** The message and everything else in the error's body, without secrets. */
  readonly words: string;
  /** The field that the error names. */
  readonly param: string | null;
}
