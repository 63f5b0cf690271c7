import { BackendError } from "../backend.ts";
import type { Env } from "../keys.ts";

/** Whether team files may run this program: they may come from somebody else, so the operator lists the programs in PARLEY_COMMANDS. */
export const mayRun = (command: string, env: Env): boolean =>
  (env["PARLEY_COMMANDS"] ?? "")
    .split(",")
    .map((name) => name.trim())
    .includes(command);

export const commandNotListed = (command: string): BackendError =>
  new BackendError(
    "bad_request",
    `The team file wants to run the program "${command}", which PARLEY_COMMANDS does not list. If you trust the file, set PARLEY_COMMANDS=${command} and start Parley again.`,
    { passing: false, reason: "program_missing" },
  );
