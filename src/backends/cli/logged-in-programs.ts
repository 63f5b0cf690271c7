import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { BackendType } from "../config.ts";
import type { Env } from "../keys.ts";
import { environmentOf } from "./environment.ts";
import { findCommand } from "./find-command.ts";

/** A program on this machine that is logged in, so that it needs no key. */
export interface LoggedInProgram {
  readonly type: BackendType;
  /** "Claude Code". */
  readonly name: string;
}

/** Asking takes 0.6 s. A program that hangs is as good as none. */
const TIMEOUT_MS = 5_000;

/** Where Claude Code keeps its log-in. */
export const claudeFolder = (env: Env): string | undefined =>
  env["CLAUDE_CONFIG_DIR"] ??
  (env["HOME"] === undefined ? undefined : join(env["HOME"], ".claude"));

/** Asks the programs in PATH whether they are logged in, all at once. No model is called. Never rejects. */
export async function findLoggedInPrograms(
  env: Env,
  timeoutMs = TIMEOUT_MS,
): Promise<readonly LoggedInProgram[]> {
  const found = await Promise.all(SEARCHES.map((search) => search(env, timeoutMs)));
  return found.filter((program) => program !== null);
}

async function findClaudeCode(env: Env, timeoutMs: number): Promise<LoggedInProgram | null> {
  const { CLAUDE_CODE_OAUTH_TOKEN: token, HOME: home = "/" } = env;
  const folder = claudeFolder(env);
  // Where it was never used, it would leave files behind.
  if (token === undefined && !(folder !== undefined && (await exists(folder)))) return null;
  const found = await findCommand("claude", env["PATH"] ?? "");
  if (!found) return null;
  const own = environmentOf(env, home, {
    CLAUDE_CONFIG_DIR: folder,
    CLAUDE_CODE_OAUTH_TOKEN: token,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
  });
  const status = await outputOf(found.file, ["auth", "status"], {
    env: { ...own, TMPDIR: env["TMPDIR"] ?? "/tmp" },
    timeout: timeoutMs,
  });
  return /"loggedIn":\s?true/.test(status ?? "")
    ? { type: "claude-code", name: "Claude Code" }
    : null;
}

async function findCodex(env: Env, timeoutMs: number): Promise<LoggedInProgram | null> {
  const { HOME: home = "/", CODEX_HOME: folder = join(home, ".codex") } = env;
  // Parley links this file into Codex's private home.
  if (!(await exists(join(folder, "auth.json")))) return null;
  const found = await findCommand("codex", env["PATH"] ?? "");
  if (!found) return null;
  const own = {
    ...environmentOf(env, home, { CODEX_HOME: folder }),
    TMPDIR: env["TMPDIR"] ?? "/tmp",
  };
  // It says on stderr how it is logged in; its exit code tells whether.
  const status = await outputOf(found.file, ["login", "status"], { env: own, timeout: timeoutMs });
  return status === null ? null : { type: "codex", name: "Codex" };
}

type Search = (env: Env, timeoutMs: number) => Promise<LoggedInProgram | null>;
const SEARCHES: readonly Search[] = [findClaudeCode, findCodex];

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** What a program prints; null if it fails or takes too long. */
const outputOf = (
  file: string,
  args: readonly string[],
  { env, timeout }: { readonly env: Readonly<Record<string, string>>; readonly timeout: number },
): Promise<string | null> =>
  new Promise((resolve) => {
    const options = { env, timeout, killSignal: "SIGKILL", maxBuffer: 65_536 } as const;
    const child = execFile(file, args, options, (error, stdout) => resolve(error ? null : stdout));
    child.stdin?.end();
  });
