import { Events, type Client } from "discord.js";
import { z } from "zod";
import type { Clock } from "../../../src/clock.ts";
import { failingWithStrays } from "../../../src/stray-errors.ts";
import { fatalClose } from "../api/errors.ts";

/** What came over the gateway. */
export interface GatewayEvent {
  readonly data: unknown;
  /** The same when Discord sends the event again after a resume. */
  readonly key: string;
  /** On which it came. */
  readonly shard: number;
}

export type EventTakers = Readonly<Partial<Record<string, (event: GatewayEvent) => Promise<void>>>>;

export interface GatewayOptions {
  readonly client: Client;
  /** By the event's name: MESSAGE_CREATE. */
  readonly takers: EventTakers;
  /** A new session begins: what was said since the last one is not told. */
  readonly onBegin: (shard: number) => void;
  /** Its servers are known. Messages of it wait until this settles. Must not reject. */
  readonly onSession: (shard: number) => Promise<void>;
  readonly clock: Clock;
  readonly onProblem: (problem: unknown) => void;
  /** Nothing will be told any more. */
  readonly onFatal: (problem: Error) => void;
}

const Packet = z.object({ t: z.string().nullish(), s: z.number().nullish(), d: z.unknown() });
const Ready = z.object({ session_id: z.string() });

/** An event's packet; null: there is nothing to take in it. RESUMED carries nothing; every other event is an object. */
function readPacket(raw: unknown, onProblem: (problem: unknown) => void) {
  const { data: packet } = Packet.safeParse(raw);
  if (!packet?.t) return null;
  const { t: name, d: data, s: sequence } = packet;
  if (name === "RESUMED" || (typeof data === "object" && data !== null)) {
    return { name, data, sequence };
  }
  // discord.js handles the packet after this, and would throw where nobody catches it. It has no handler for no name.
  if (typeof raw === "object" && raw !== null) Reflect.set(raw, "t", null);
  onProblem(new Error(`Discord sent ${name} without its data: it is left out.`));
  return null;
}

/** Takes events as Discord sends them. Listeners that reject are reported: an `error` that nobody hears would end the process. */
export function listenToGateway(options: GatewayOptions): void {
  const { client, onProblem, onFatal } = options;
  const sessions = new Map<number, string>();
  const catchingUp = createCatchingUp(options.clock);
  const rawShard = z.number().catch(0);

  client.on("raw", (raw: unknown, id: unknown) => {
    const packet = readPacket(raw, onProblem);
    if (packet === null) return;
    const { name, data } = packet;
    const shard = rawShard.parse(id);
    if (name === "READY") {
      sessions.set(shard, Ready.safeParse(data).data?.session_id ?? "");
      options.onBegin(shard);
      catchingUp.begins(shard);
    }
    const key = `${sessions.get(shard) ?? shard}:${packet.sequence ?? ""}`;
    const take = options.takers[name];
    if (!take) return;
    const isTime = name === "MESSAGE_CREATE" ? catchingUp.over(shard) : undefined;
    void failingWithStrays({ event: name, shard }, async () => {
      if (isTime) await isTime;
      await take({ data, key, shard });
    }).catch(onProblem);
  });
  client.on(Events.ShardReady, (shard) => {
    void options.onSession(shard).then(() => catchingUp.ends(shard));
  });
  client.on(Events.Error, onProblem);
  client.on(Events.Warn, (text) => onProblem(new Error(text)));
  client.on(Events.ShardError, onProblem);
  client.on(Events.ShardDisconnect, ({ code }) => onFatal(fatalClose(code)));
}

/** Shards whose new session has begun, while what was said before it is still being read. */
export interface CatchingUp {
  begins(shard: number): void;
  ends(shard: number): void;
  /** Resolves when that is over, or has taken long enough: what is said now comes after what was said before. */
  over(shard: number): Promise<void>;
}

/** Longer than most shards take; whoever writes meanwhile must not wait much longer than that. */
const LONGEST_MS = 10_000;
/** It is counted in steps: while the process is stopped, nothing is read. */
const STEP_MS = 500;

export function createCatchingUp(clock: Clock): CatchingUp {
  const shards = new Map<number, PromiseWithResolvers<void>>();
  const end = (shard: number) => {
    shards.get(shard)?.resolve();
    shards.delete(shard);
  };
  const count = (shard: number, over: PromiseWithResolvers<void>, left: number): void => {
    if (left <= 0) return over.resolve();
    clock.setTimer(STEP_MS, () => {
      if (shards.get(shard) === over) count(shard, over, left - STEP_MS);
    });
  };
  return {
    begins(shard) {
      end(shard);
      const over = Promise.withResolvers<void>();
      shards.set(shard, over);
      count(shard, over, LONGEST_MS);
    },
    ends: end,
    over: async (shard) => shards.get(shard)?.promise,
  };
}
