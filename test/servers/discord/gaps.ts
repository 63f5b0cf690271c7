/** What a server that somebody wrote in a weekend does without. */
export interface Gaps {
  /** Fields that stand in no event and no answer. */
  readonly leavesOut: readonly string[];
  /** Routes that are not there: "GET /channels/:id". */
  readonly lacks: readonly string[];
  /** Events that are never sent. */
  readonly silentOn: readonly string[];
  /** Ids that count on from this number, and tell no time. */
  readonly countsFrom: bigint | undefined;
  /** A thread has an id of its own, not that of the message it hangs on. */
  readonly ownThreadIds: boolean;
}

export const NO_GAPS: Gaps = {
  leavesOut: [],
  lacks: [],
  silentOn: [],
  countsFrom: undefined,
  ownThreadIds: false,
};

/** A value as it goes over the wire, without what is left out. */
export const written = ({ leavesOut }: Gaps, value: unknown): string =>
  JSON.stringify(value, (key, field: unknown) => (leavesOut.includes(key) ? undefined : field));
