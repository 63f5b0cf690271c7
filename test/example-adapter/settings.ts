import { z } from "zod";
import { freshMinutes, readAdapterSettings } from "../../src/adapter-kit/settings.ts";

const LinesEnv = z.object({
  LINES_ADDRESS: z
    .string("is not set: host:port of the Lines server")
    .regex(/^[^:]+:\d+$/, "must be host:port")
    .describe("Where the Lines server listens."),
  LINES_TOKEN: z.string("is not set: the bot's token").describe("The bot's token."),
  LINES_FRESH_MINUTES: freshMinutes(10),
});

export interface LinesSettings {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly freshMs: number;
}

type Env = Readonly<Record<string, string | undefined>>;

export const isLinesConfigured = (env: Env): boolean => Boolean(env["LINES_TOKEN"]?.trim());

/** Throws a `SettingsError`. */
export function readLinesSettings(env: Env): LinesSettings {
  const values = readAdapterSettings(LinesEnv, env);
  const [host = "", port = ""] = values.LINES_ADDRESS.split(":");
  const { LINES_TOKEN: token, LINES_FRESH_MINUTES: minutes } = values;
  return { host, port: Number(port), token, freshMs: minutes * 60_000 };
}
