/** A call that the provider has not refused after so long was probably taken on: some servers send headers only with the answer. */
const SILENCE_MS = 1_000;

/** A call that was sent. */
export interface SentCall {
  /** Counts the calls of the account. */
  readonly number: number;
  /** No other call had been sent that the provider had not answered. */
  readonly isAlone: boolean;
  /** After its refusal: no call that was sent at the same time has been refused yet. */
  readonly isFirstOfBurst: () => boolean;
}

/**
 * After a refusal, limits how many calls wait for the provider's word at the same time: half as many as before, then one more with each call that is
 * taken on. So a provider with a low rate refuses few calls, and one with room again gets more in each round.
 */
export function createTrial() {
  /** The numbers of calls without an answer, and when they were sent. */
  const sent = new Map<number, number>();
  let most = Number.POSITIVE_INFINITY;
  let last = 0;
  let lastCut = 0;
  return {
    get unanswered() {
      return sent.size;
    },
    sent(number: number, now: number): SentCall {
      sent.set(number, now);
      last = number;
      return { number, isAlone: most === 1, isFirstOfBurst: () => number > lastCut };
    },
    answered: (number: number): void => void sent.delete(number),
    tookOn: (): void => void (most += 1),
    /** After `answered`. Calls that were sent before the last cut belong to the same burst. */
    refused(number: number): void {
      if (number <= lastCut) return;
      lastCut = last;
      most = Math.max(1, Math.floor(Math.min(most, sent.size + 1) / 2));
    },
    /** When the next call may be sent, on the clock. */
    opensAt(now: number): number {
      if (sent.size < most) return 0;
      const waiting = [...sent.values()].filter((at) => at + SILENCE_MS > now);
      return waiting.length < most ? 0 : (waiting[waiting.length - most] ?? 0) + SILENCE_MS;
    },
  };
}
