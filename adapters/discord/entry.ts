import type { AdapterEntry } from "../../src/adapter-kit/adapter.ts";
import { isDiscordConfigured } from "./env.ts";

export const discordEntry: AdapterEntry = {
  name: "discord",
  isConfigured: isDiscordConfigured,
  isService: true,
  async create(context) {
    const { commands, state, lock, exit, report } = context;
    const { env, settings } = context.loaded;
    const { createDiscord } = await import("./index.ts");
    return createDiscord({
      env,
      state,
      take: lock,
      commands,
      exit,
      onProblem: report,
      processes: settings.PARLEY_PROCESSES,
    });
  },
};
