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
  // Beside an answer that a person reads stand no JSON, and only what the adapter does not say itself, unless LOG_LEVEL says otherwise.
  const isReadable = isForPeople || (error.isTTY && !flags.json);
  const pretty = isReadable ? (await import("pino-pretty")).default : null;
  const { NO_COLOR, TERM } = loaded.env;
  const colour = error.isTTY && !NO_COLOR && TERM !== "dumb";
  const least = isForPeople ? "error" : leastBeside(flags);
  return createLog({
    level: level === "info" ? least : level,
    output: error,
    pretty,
    colour,
    secrets,
  });
}

/** In a pipe, only warnings may stand among the answers. */
const leastBeside = ({ once, json }: StartFlags) => (once || json ? "warn" : "info");
