import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { AdapterState } from "../../adapter-storage.ts";
import type { Clock } from "../../clock.ts";

/** What a process uses of a rate limit that it shares, in numbers by name. */
export type Usage = Readonly<Record<string, number>>;

/** What the processes tell each other of their use of shared rate limits, so that each may take what the others do not need. */
export interface UsageLeases {
  /**
   * Tells the others within a second, and again until all of it is 0. `measure` is asked each time. What a process told holds for some
   * seconds after it has died.
   */
  report(resource: string, measure: () => Usage): void;
  /** What others use of a resource, one entry a process; undefined: they cannot be asked, and each must keep to its fixed part. */
  others(resource: string): readonly Usage[] | undefined;
}

export interface UsageLeasesOptions {
  readonly state: AdapterState;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** How many share the limits; with one, nothing is exchanged. */
  readonly processes: number;
  readonly onProblem: (problem: unknown) => void;
}

/** Between two exchanges, while anything is reported, ms. */
const EXCHANGE_MS = 1_000;
/** How long what a process told holds, ms. */
const LEASE_MS = 10_000;
/** How long what was read holds, where the store does not answer any more, ms. */
const STALE_MS = 5_000;
/** When the lease of a process that died is removed, ms after its end. */
const REMOVE_MS = 60_000;
const PREFIX = "usage:";

const Lease = z.object({
  until: z.number(),
  usage: z.record(z.string(), z.record(z.string(), z.number())),
});
type Lease = z.infer<typeof Lease>;

export function createUsageLeases(options: UsageLeasesOptions): UsageLeases {
  const { clock, processes } = options;
  if (processes === 1) return { report() {}, others: () => [] };
  const own = new Map<string, () => Usage>();
  const state = { leases: [] as readonly Lease[], readAt: -Infinity, isRunning: false };
  const exchange = createExchange(options);

  const run = async (): Promise<void> => {
    const used = [...own].map(([resource, measure]) => [resource, measure()] as const);
    for (const [resource, usage] of used) if (isIdle(usage)) own.delete(resource);
    const usage = Object.fromEntries(used.filter(([resource]) => own.has(resource)));
    try {
      state.leases = await exchange(usage);
      state.readAt = clock.now();
    } catch (problem) {
      options.onProblem(problem);
    }
    state.isRunning = own.size > 0;
    if (state.isRunning) clock.setTimer(EXCHANGE_MS, () => void run());
  };

  return {
    report(resource, measure) {
      own.set(resource, measure);
      if (state.isRunning) return;
      state.isRunning = true;
      void run();
    },
    others(resource) {
      if (clock.now() - state.readAt > STALE_MS) return undefined;
      return state.leases.flatMap(({ usage: { [resource]: usage } }) => (usage ? [usage] : []));
    },
  };
}

const isIdle = (usage: Usage): boolean => Object.values(usage).every((value) => value === 0);

/** Writes this process's lease, or takes it back, and reads the others'. */
function createExchange({ state, wallClock }: UsageLeasesOptions) {
  const key = `${PREFIX}${randomUUID()}`;
  return async (usage: Lease["usage"]): Promise<readonly Lease[]> => {
    const now = wallClock();
    const hasAny = Object.keys(usage).length > 0;
    if (hasAny) await state.put(key, JSON.stringify({ until: now + LEASE_MS, usage }));
    else await state.remove(key);
    const others = (await state.keys(PREFIX)).filter((other) => other !== key);
    const read = await Promise.all(
      others.map(async (other) => ({ other, lease: readLease(await state.get(other)) })),
    );
    for (const { other, lease } of read)
      if (lease === undefined || lease.until + REMOVE_MS < now) await state.remove(other);
    return read.flatMap(({ lease }) => (lease && lease.until > now ? [lease] : []));
  };
}

function readLease(text: string | null): Lease | undefined {
  try {
    return Lease.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}
