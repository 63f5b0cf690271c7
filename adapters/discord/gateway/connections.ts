import type { Client } from "discord.js";
import { explainStart } from "../api/errors.ts";
import type { BotSettings } from "../env.ts";
import { createClient } from "./client.ts";
import type { IdentifyLimiter } from "./identify-limiter.ts";

/** A client with some of the shards. */
export interface Connection {
  close(): Promise<void>;
}

/** How the bot is divided into shards. */
export interface ShardPlan {
  /** Shards of all processes. */
  readonly count: number;
  /** Shards that may identify at the same time. */
  readonly atOnce: number;
}

/** Adds listeners to a client before its first event. */
export type Listen = (client: Client) => void;

export interface Connections {
  /** Connects these shards. Rejects with a `SettingsError`. */
  open(ids: readonly number[], plan: ShardPlan, listen: Listen): Promise<Connection>;
  /** Clients that are connected or connecting. */
  clients(): readonly Client[];
}

/** One client per connection, so a process can add and drop shards while it runs. */
export function createConnections(settings: BotSettings, limiter: IdentifyLimiter): Connections {
  const clients = new Set<Client>();
  return {
    clients: () => [...clients],
    async open(ids, { count, atOnce }, listen) {
      const waitForIdentify = (shard: number, signal: AbortSignal) =>
        limiter.wait(shard % atOnce, signal);
      const client = createClient(settings, { ids, count, waitForIdentify });
      clients.add(client);
      const close = async (): Promise<void> => {
        clients.delete(client);
        // Closing emits events that mean nothing, and an `error` without a listener would end the process.
        client.removeAllListeners();
        client.on("error", () => {});
        await client.destroy();
      };
      listen(client);
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
