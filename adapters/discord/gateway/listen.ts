import { Events, type Client } from "discord.js";
import { z } from "zod";
import type { Clock } from "../../../src/clock.ts";
import { failingWithStrays } from "../../../src/stray-errors.ts";
import { explainClose } from "../api/errors.ts";
import { Packet, Ready } from "../wire/events.ts";

/** A dispatch of the gateway. */
export interface GatewayEvent {
  readonly data: unknown;
  /** The same when Discord sends the event again after a resume. */
  readonly key: string;
  /** The shard it came on. */
  readonly shard: number;
}

/** By the event's name: MESSAGE_CREATE. */
export type EventHandlers = Readonly<
  Partial<Record<string, (event: GatewayEvent) => Promise<void>>>
>;

export interface GatewayOptions {
  readonly client: Client;
  readonly handlers: EventHandlers;
  /** A new session starts: messages since the last one were missed. */
  readonly onSessionStart: (shard: number) => void;
  /** The shard knows its servers. Its messages wait until this settles. Must not reject. */
  readonly onReady: (shard: number) => Promise<void>;
  readonly clock: Clock;
  readonly onProblem: (problem: unknown) => void;
  /** Discord closed the connection for good. */
  readonly onFatal: (problem: Error) => void;
}

/** Handles events as Discord sends them. Handlers that reject are reported. */
export function listenToGateway(options: GatewayOptions): void {
  const { client, onProblem, onFatal } = options;
  const sessions = new Map<number, string>();
  const backfillWait = createBackfillWait(options.clock);
  const rawShard = z.number().catch(0);

  client.on("raw", (raw: unknown, id: unknown) => {
    const packet = readPacket(raw, onProblem);
    if (packet === null) return;
    const { name, data } = packet;
    const shard = rawShard.parse(id);
    if (name === "READY") {
      sessions.set(shard, Ready.safeParse(data).data?.session_id ?? "");
      options.onSessionStart(shard);
      backfillWait.start(shard);
    }
    const key = `${sessions.get(shard) ?? shard}:${packet.sequence ?? ""}`;
    const handle = options.handlers[name];
    if (!handle) return;
    const wait = name === "MESSAGE_CREATE" ? backfillWait.wait(shard) : undefined;
    void failingWithStrays({ event: name, shard }, async () => {
      if (wait) await wait;
      await handle({ data, key, shard });
    }).catch(onProblem);
  });
  client.on(Events.ShardReady, (shard) => {
    void options.onReady(shard).then(() => backfillWait.end(shard));
  });
  // An `error` without a listener would end the process.
  client.on(Events.Error, onProblem);
  client.on(Events.Warn, (text) => onProblem(new Error(text)));
  client.on(Events.ShardError, onProblem);
  client.on(Events.ShardDisconnect, ({ code }) => onFatal(explainClose(code)));
}

/** Reads a packet; null: there is nothing to handle in it. */
function readPacket(raw: unknown, onProblem: (problem: unknown) => void) {
  const { data: packet } = Packet.safeParse(raw);
  if (!packet?.t) return null;
  const { t: name, d: data, s: sequence } = packet;
  if (name === "RESUMED" || (typeof data === "object" && data !== null)) {
    return { name, data, sequence };
  }
  // discord.js handles the packet next and would throw uncaught. It ignores a packet without a name.
  if (typeof raw === "object" && raw !== null) Reflect.set(raw, "t", null);
  onProblem(new Error(`Discord sent ${name} without its data: the event is ignored.`));
  return null;
}

/** Delays new messages of a shard until its missed messages have been handled. */
export interface BackfillWait {
  start(shard: number): void;
  end(shard: number): void;
  /** Resolves when the backfill has ended or has taken too long. */
  wait(shard: number): Promise<void>;
}

/** Longer than most backfills; people who write meanwhile wait no longer than this. */
const LONGEST_BACKFILL_MS = 10_000;
/** The time is counted in steps, so that time in which the process was frozen does not count. */
const STEP_MS = 500;

export function createBackfillWait(clock: Clock): BackfillWait {
  const shards = new Map<number, PromiseWithResolvers<void>>();
  const end = (shard: number) => {
    shards.get(shard)?.resolve();
    shards.delete(shard);
  };
  const countDown = (shard: number, ended: PromiseWithResolvers<void>, leftMs: number): void => {
    if (leftMs <= 0) return ended.resolve();
    clock.setTimer(STEP_MS, () => {
      if (shards.get(shard) === ended) countDown(shard, ended, leftMs - STEP_MS);
    });
  };
  return {
    start(shard) {
      end(shard);
      const ended = Promise.withResolvers<void>();
      shards.set(shard, ended);
      countDown(shard, ended, LONGEST_BACKFILL_MS);
    },
    end,
    wait: async (shard) => shards.get(shard)?.promise,
  };
}
