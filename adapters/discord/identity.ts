import { Routes } from "discord.js";
import { z } from "zod";
import type { Api } from "./api/api.ts";
import type { Guilds } from "./guilds.ts";

const Self = z.object({ id: z.string() });

/** Parley's own user id: from the connection, or, in a process that has none yet, from Discord. */
export function createIdentity(guilds: Pick<Guilds, "self">, api: Api): () => Promise<string> {
  let asked: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    const route = Routes.user("@me");
    const { id } = await api.call({ method: "GET", route, what: "asking who Parley is" }, Self);
    return id;
  };
  return () => {
    const known = guilds.self();
    if (known !== undefined) return Promise.resolve(known);
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}
