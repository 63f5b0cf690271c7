import { setTimeout as sleep } from "node:timers/promises";
import type { Diary } from "./diary.ts";
import type { Fleet } from "./fleet.ts";
import type { ChaosPlatform } from "./place.ts";

export interface HavocOptions {
  readonly fleet: Fleet;
  readonly platforms: readonly ChaosPlatform[];
  readonly kills: number;
  readonly freezes: number;
  /** Over which it is spread, ms. */
  readonly durationMs: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly diary: Pick<Diary, "note">;
  /** Right before a process is killed or freezes. */
  readonly onBlow: (seat: string) => void;
}

/** What was done to the processes. */
export interface Havoc {
  kills: number;
  freezes: number;
  shakes: number;
}

/** Longer than the heartbeat after which another process takes a turn over, ms. */
const FREEZE_MS = { least: 12_500, most: 16_000 };
/** Between two blows to the connections, ms. */
const SHAKE_MS = 7_000;
/** How long a process that is up is waited for, ms. */
const PATIENCE_MS = 30_000;

/** Kills and freezes one process at a time, never all of them, and shakes their connections. Resolves when all of it is done. */
export async function wreakHavoc(options: HavocOptions): Promise<Havoc> {
  const done: Havoc = { kills: 0, freezes: 0, shakes: 0 };
  const over = new AbortController();
  const shaking = shakePlatforms(options, done, AbortSignal.any([options.signal, over.signal]));
  const thawing: Promise<void>[] = [];
  for (const blow of blows(options)) {
    options.signal.throwIfAborted();
    await sleep(blow.afterMs, undefined, { signal: options.signal });
    const seat = await aSeat(options);
    if (!seat) continue;
    options.diary.note(`${blow.kind} ${seat.name}`);
    options.onBlow(seat.name);
    if (blow.kind === "kill") {
      await seat.kill();
      done.kills++;
    } else {
      thawing.push(seat.freeze(between(FREEZE_MS, options.random)).then(() => void done.freezes++));
    }
  }
  await Promise.all(thawing);
  over.abort();
  await shaking;
  return done;
}

const between = ({ least, most }: { least: number; most: number }, random: () => number): number =>
  least + random() * (most - least);

interface Blow {
  readonly kind: "kill" | "freeze";
  readonly afterMs: number;
}

/** In a mixed order, at uneven times. */
function blows({ kills, freezes, durationMs, random }: HavocOptions): readonly Blow[] {
  const kinds = [
    ...Array.from({ length: kills }, () => "kill" as const),
    ...Array.from({ length: freezes }, () => "freeze" as const),
  ]
    .map((kind) => ({ kind, place: random() }))
    .toSorted((a, b) => a.place - b.place);
  const usual = durationMs / (kinds.length + 0.5);
  return kinds.map(({ kind }) => ({ kind, afterMs: usual * (0.6 + 0.8 * random()) }));
}

/** A process that serves, where another one does as well; alone it has to do. */
async function aSeat({ fleet: { seats }, random, signal }: HavocOptions) {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const up = seats.filter((seat) => seat.isUp());
    if (up.length > Math.min(1, seats.length - 1)) return up[Math.floor(random() * up.length)];
    await sleep(100, undefined, { signal });
  }
  return undefined;
}

async function shakePlatforms(
  { platforms, random, diary }: HavocOptions,
  done: Havoc,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(SHAKE_MS * (0.5 + random()), undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const platform = platforms[Math.floor(random() * platforms.length)];
    diary.note(`shake ${platform?.name}`);
    platform?.shake(random);
    done.shakes++;
  }
}
