import { onTestFinished } from "vitest";
import { createDiscord, type Discord } from "./discord.ts";
import type { DiscordOptions } from "./options.ts";

/** A Discord for the length of one test. */
export async function useDiscord(options?: DiscordOptions): Promise<Discord> {
  const discord = await createDiscord(options);
  onTestFinished(() => discord.stop());
  return discord;
}
