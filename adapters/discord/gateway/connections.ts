import { type Client, Routes } from "discord.js";
import { createClient } from "./client.ts";
import type { BotSettings } from "../env.ts";
import { explainStart } from "../api/errors.ts";
import { z } from "zod";
import type { Api } from "../api/api.ts";
import type { Clock } from "../../../src/clock.ts";
import type { HeldLock, TakeLock } from "../../../src/adapter-storage.ts";
import { sleep } from "../../../src/timers.ts";

/** Some of the shards, connected. */
export interface Connection {
  close(): Promise<void>;
}

export interface Connections {
  /** Connects these shards. Rejects with what to do about it. */
  open(ids: readonly number[], cut: Cut, hear: Hear): Promise<Connection>;
  /** Those that are open, or about to be. */
  clients(): readonly Client[];
}

/** Listens to a client, from before the first event on. */
export type Hear = (client: Client) => void;

/** Into how many shards the bot is cut. */
export interface Cut extends GatewayFacts {
  readonly count: number;
}

/** Each with a client of its own, so that a process can take shards on and give them up while it runs. */
export function createConnections(settings: BotSettings, gate: IdentifyGate): Connections {
  const clients = new Set<Client>();
  return {
    clients: () => [...clients],
    async open(ids, { count, atOnce }, hear) {
      const waitForIdentify = (shard: number, signal: AbortSignal) =>
        gate.pass(shard % atOnce, signal);
      const client = createClient(settings, { ids, count, waitForIdentify });
      clients.add(client);
      const close = async (): Promise<void> => {
        clients.delete(client);
        // What it says of its own end is no news, and an `error` that nobody hears would end the process.
        client.removeAllListeners();
        client.on("error", () => {});
        await client.destroy();
      };
      hear(client);
      try {
        await client.login(settings.token);
      } catch (error) {
        await close();
        throw explainStart(error);
      }
      return { close };
    },
  };
}

const Facts = z.object({
  shards: z.int().min(1).catch(1),
  session_start_limit: z
    .object({ max_concurrency: z.int().min(1).catch(1) })
    .catch({ max_concurrency: 1 }),
});

/** How many shards Discord wants, and how many of them may identify at once. */
export interface GatewayFacts {
  readonly shards: number;
  readonly atOnce: number;
}

export async function readGatewayFacts(api: Api): Promise<GatewayFacts> {
  const route = Routes.gatewayBot();
  const call = { method: "GET", route, what: "asking for the gateway" } as const;
  const { shards, session_start_limit: limit } = await api.call(call, Facts);
  return { shards, atOnce: limit.max_concurrency };
}

export interface IdentifyGate {
  /** Resolves when a shard may identify; rejects when the signal is aborted. */
  pass(bucket: number, signal: AbortSignal): Promise<void>;
  /** Holds up nobody any more. */
  end(): Promise<void>;
}

/** Discord takes one IDENTIFY of a bucket in this time; a moment more for clocks and the way. */
const EVERY_MS = 5_250;
const LOOK_MS = 250;

/** Lets the shards of all processes identify one after the other. discord.js would, for those of one client. */
export function createIdentifyGate(take: TakeLock, clock: Clock): IdentifyGate {
  const held = new Map<HeldLock, () => void>();
  const giveBack = async (lock: HeldLock): Promise<void> => {
    held.get(lock)?.();
    held.delete(lock);
    // A store that fails lets go of it by itself.
    await lock.release().catch(() => undefined);
  };
  return {
    async pass(bucket, signal) {
      for (;;) {
        signal.throwIfAborted();
        const lock = await take(`discord:identify:${bucket}`).catch(() => null);
        if (lock) {
          held.set(
            lock,
            clock.setTimer(EVERY_MS, () => void giveBack(lock)),
          );
          return;
        }
        await sleep(clock, LOOK_MS);
      }
    },
    async end() {
      await Promise.all([...held.keys()].map(giveBack));
    },
  };
}
