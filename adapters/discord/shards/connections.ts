import type { Client } from "discord.js";
import { createClient } from "../api/client.ts";
import type { BotSettings } from "../env.ts";
import { explainStart } from "../fatal.ts";
import type { GatewayFacts } from "./gateway-facts.ts";
import type { IdentifyGate } from "./identify-gate.ts";

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
