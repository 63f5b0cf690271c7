import { Routes } from "discord.js";
import { z } from "zod";
import type { Api } from "../api/api.ts";

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
