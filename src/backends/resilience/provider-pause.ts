/** The first pause after a refusal that names no time, ms; doubles with each further one. */
const FIRST_MS = 1_000;
const LONGEST_OWN_MS = 20_000;
/** The longest time without a call to a provider that named a still longer one. */
const LONGEST_MS = 600_000;

/** The time in which a provider wants no calls, because it refused one for lack of room. Times on the clock. */
export function createProviderPause() {
  /** The provider is asked again then, even if it named a later time. */
  let until = 0;
  let askedUntil = 0;
  let refusals = 0;
  return {
    get until() {
      return until;
    },
    /** How long it holds, as the provider asked, ms; 0: it is over. */
    leftMs: (now: number): number => (until > now ? Math.max(0, askedUntil - now) : 0),
    /** The provider refused a call, and named a time or did not. Refusals without a time during a pause belong to it. */
    refused(askedMs: number | undefined, now: number): void {
      if (askedMs === undefined && until > now) return;
      const ms = askedMs ?? Math.min(FIRST_MS * 2 ** refusals, LONGEST_OWN_MS);
      refusals += 1;
      until = Math.max(until, now + Math.min(ms, LONGEST_MS));
      askedUntil = Math.max(askedUntil, now + ms);
    },
    /** The provider took a call on. */
    tookOn: (): void => void (refusals = 0),
  };
}
