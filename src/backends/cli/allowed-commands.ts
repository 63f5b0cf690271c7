import { BackendError } from "../backend.ts";
import type { BackendConfig, BackendType } from "../config.ts";
import type { Env } from "../keys.ts";
import type { CliHost } from "./cli-host.ts";

/** Whether team files may run this program: they may come from somebody else, so the operator lists the programs in PARLEY_COMMANDS. */
const mayRun = (command: string, env: Env): boolean =>
  (env["PARLEY_COMMANDS"] ?? "")
    .split(",")
    .map((name) => name.trim())
    .includes(command);

const commandNotListed = (command: string): BackendError =>
  new BackendError(
    "bad_request",
    `The team file wants to run the program "${command}", which PARLEY_COMMANDS does not list. If you trust the file, set PARLEY_COMMANDS=${command} and start Parley again.`,
    { passing: false, reason: "program_missing" },
  );

const DEFAULT_COMMANDS: Readonly<Partial<Record<BackendType, string>>> = {
  "claude-code": "claude",
  "gemini-cli": "gemini",
  codex: "codex",
};

/** What an agent needs that is a program. Throws a `BackendError` if it may not run. */
export function programOf(
  config: BackendConfig,
  { cli, env }: { readonly cli?: CliHost | undefined; readonly env: Env },
) {
  const { type, command, model, concurrency, env: own } = config;
  if (!cli) throw new BackendError("bad_request", "Programs cannot run here.", { passing: false });
  // Its variables may lead the operator's log-in elsewhere.
  const wanted = command ?? (own && DEFAULT_COMMANDS[type]);
  if (wanted !== undefined && !mayRun(wanted, env)) throw commandNotListed(wanted);
  return { command, model, concurrency, ownEnv: own ?? {}, env, host: cli };
}
