import { z } from "zod";
import { readAdapterSettings } from "../../src/adapter-kit/settings.ts";

/** The terminal's environment variables; an empty one counts as not set. */
export const TerminalEnv = z.object({
  TERMINAL_TITLE: z
    .enum(["on", "off"], "must be on or off")
    .default("on")
    .describe("Whether the terminal's window is named after the open thread."),
  TERMINAL_BELL: z
    .enum(["on", "off"], "must be on or off")
    .default("on")
    .describe("Whether the terminal's bell rings when an answer took longer than 10 seconds."),
});
export type TerminalEnv = z.infer<typeof TerminalEnv>;

/** Throws a `SettingsError`. */
export const readTerminalEnv = (env: Readonly<Record<string, string | undefined>>): TerminalEnv =>
  readAdapterSettings(TerminalEnv, env);
