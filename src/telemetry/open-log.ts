import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { StandardStreams, StartFlags } from "../adapter-kit/adapter.ts";
import { type LoadedSettings, secretsIn } from "../settings.ts";
import { createLog, type Log } from "./log.ts";

/** Logs to standard error, for people if no service runs here, or to a file beside the data while an adapter draws on the screen. */
export async function openLog(
  flags: StartFlags,
  { loaded, error }: { readonly loaded: LoadedSettings; readonly error: StandardStreams["error"] },
  { isOnScreen, isForPeople }: { readonly isOnScreen: boolean; readonly isForPeople: boolean },
): Promise<Log> {
  const { LOG_LEVEL: level, PARLEY_DATA: dir } = loaded.settings;
  const secrets = secretsIn(loaded.env);
  if (isOnScreen) {
    const output = createWriteStream(join(dir, "parley.log"), { flags: "a", mode: 0o600 });
    // A full disk must not end a chat.
    output.on("error", () => {});
    return createLog({ level, output, pretty: null, secrets });
  }
  // Beside an answer that a person reads, in a script too, stands no JSON.
  const isReadable = isForPeople || (error.isTTY && !flags.json);
  const pretty = isReadable ? (await import("pino-pretty")).default : null;
  const colour = error.isTTY && !loaded.env["NO_COLOR"];
  return createLog({
    level: isForPeople || flags.once || flags.json ? quiet(level) : level,
    output: error,
    pretty,
    colour,
    secrets,
  });
}

/** Only warnings may stand among the answers, unless LOG_LEVEL says otherwise. */
const quiet = (level: string): string => (level === "info" ? "warn" : level);
