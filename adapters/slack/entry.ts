import type { AdapterEntry } from "../../src/adapter-kit/adapter.ts";
import { isForMany, isSlackConfigured } from "./env.ts";

export const slackEntry: AdapterEntry = {
  name: "slack",
  isConfigured: isSlackConfigured,
  isMany: isForMany,
  isService: true,
  async create(context) {
    const { commands, installs, state, kept, lock, exit, report } = context;
    const { env, settings } = context.loaded;
    const { createSlack } = await import("./index.ts");
    return createSlack({
      env,
      state,
      commands,
      installs,
      kept,
      lock,
      exit,
      onProblem: report,
      isAlone: settings.DATABASE_URL === undefined,
      processes: settings.PARLEY_PROCESSES,
    });
  },
};
