import { arrivalOf, type Rate, type Scenario } from "./scenario.ts";

/**
 * How long each turn would take, ms, if its calls were sent without any delay: all at once, or as the provider's limit lets them through, oldest
 * turn first. Nothing else takes time. Turns in their order.
 */
export function idealTurns(scenario: Scenario): readonly number[] {
  const { threads, agents, callMs, rate } = scenario;
  const turns = Array.from({ length: threads }, (_, thread) => {
    const arrivesAt = arrivalOf(scenario, thread);
    return { arrivesAt, readyAt: arrivesAt, toSend: agents, hasReviewed: false, end: 0 };
  });
  const takeToken = rate ? createBucket(rate) : (now: number) => now;
  let now = 0;
  for (;;) {
    const open = turns.filter(({ toSend }) => toSend > 0);
    if (open.length === 0) break;
    // A call is sent when a turn is ready and the limit has room, by then maybe for an older turn.
    now = takeToken(Math.max(now, Math.min(...open.map(({ readyAt }) => readyAt))));
    const turn = open.find(({ readyAt }) => readyAt <= now);
    if (!turn) break;
    turn.toSend -= 1;
    turn.end = now + callMs;
    if (turn.toSend === 0 && !turn.hasReviewed) {
      Object.assign(turn, { hasReviewed: true, toSend: agents, readyAt: turn.end });
    }
  }
  return turns.map(({ arrivesAt, end }) => end - arrivesAt);
}

/** Takes a call from the bucket; returns when, at the earliest `now`. */
function createBucket({ capacity, perSecond }: Rate): (now: number) => number {
  let level = capacity;
  let at = 0;
  return (now) => {
    level = Math.min(capacity, level + ((now - at) * perSecond) / 1000);
    at = now;
    if (level < 1) {
      at += ((1 - level) * 1000) / perSecond;
      level = 1;
    }
    level -= 1;
    return at;
  };
}
