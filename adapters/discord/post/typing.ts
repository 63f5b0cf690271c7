import { Routes } from "discord.js";
import type { Clock } from "../../../src/clock.ts";
import { type Api, NO_ANSWER } from "../api/api.ts";

/** "Parley is typing …" while a team works. */
export interface Typing {
  start(channel: string): void;
  stop(channel: string): void;
  stopAll(): void;
}

/** Discord shows it for ten seconds. */
const AGAIN_MS = 9_000;
/** Longer than a turn goes without a new status. */
const LONGEST_MS = 10 * 60_000;
/** Each costs a request every nine seconds; Discord allows 50 requests a second in all. */
const MOST_CHANNELS = 40;

export interface TypingOptions {
  readonly api: Api;
  readonly clock: Clock;
}

/** Best effort: only in so many channels at once, and failures are not reported. */
export function createTyping({ api, clock }: TypingOptions): Typing {
  const running = new Map<string, { until: number; cancel: () => void }>();

  const show = (channel: string): void => {
    const entry = running.get(channel);
    if (!entry || clock.now() > entry.until) return void running.delete(channel);
    entry.cancel = clock.setTimer(AGAIN_MS, () => show(channel));
    const call = { method: "POST", route: Routes.channelTyping(channel), what: "typing" } as const;
    api.call(call, NO_ANSWER).catch(() => stop(channel));
  };
  const stop = (channel: string): void => {
    running.get(channel)?.cancel();
    running.delete(channel);
  };

  return {
    start(channel) {
      const until = clock.now() + LONGEST_MS;
      const entry = running.get(channel);
      if (entry) entry.until = until;
      else if (running.size < MOST_CHANNELS) {
        running.set(channel, { until, cancel: () => {} });
        show(channel);
      }
    },
    stop,
    stopAll: () => [...running.keys()].forEach(stop),
  };
}
