import { createHash } from "node:crypto";
import { createRedactor } from "../../text/redact.ts";
import { untilAborted } from "../../timers.ts";
import { blocksOf } from "../anthropic/request.ts";
import type { Backend, BackendEvent, BackendRequest } from "../backend.ts";
import { type CliName, programMissing } from "../cli/cli-failure.ts";
import type { CliHost, Pools } from "../cli/cli-host.ts";
import { findCommand } from "../cli/find-command.ts";
import { flattenPrompt } from "../cli/flatten-prompt.ts";
import { startJsonProcess } from "../cli/json-process.ts";
import type { Pool } from "../cli/pool.ts";
import { guardedCall } from "../guarded-call.ts";
import type { Env } from "../keys.ts";
import { brokenCall, type CallTarget, missingKeyError } from "../provider-failure.ts";
import { createThoughtHabit } from "../reply-text/filter-events.ts";
import { claudeCommand, type ClaudeSettings, type Login } from "./command.ts";
import { createTurnReader } from "./reply.ts";
import { type ClaudeSession, createSession } from "./session.ts";
import { openTurn } from "./turn.ts";

export interface ClaudeCodeOptions extends Omit<ClaudeSettings, "system"> {
  readonly host: CliHost;
  /** The address must not get the key of the environment. */
  readonly needsOwnKey?: boolean;
  /** The program's name in PATH, or its place. Default: claude. */
  readonly command?: string | undefined;
  /** Parley's environment: where programs are, and how to reach the network. */
  readonly parleyEnv: Env;
  /** The most processes. Default: 4. */
  readonly concurrency?: number | undefined;
}

const KIND = "claude-code";
const LOGIN_ADVICE =
  "Run `claude` and /login as the user who runs Parley, set CLAUDE_CODE_OAUTH_TOKEN to what `claude setup-token` prints, or set ANTHROPIC_API_KEY.";
const BASE_URL = "https://api.anthropic.com";
/** A process takes 200 MB. */
const MOST_PROCESSES = 4;

/** Claude Code, the user's own, as it is installed: a warm process whose conversation is cleared between moves. */
export function createClaudeCodeBackend(options: ClaudeCodeOptions): Backend {
  const { model, host, login, baseUrl = BASE_URL } = options;
  const pools = host.pools<ClaudeSession>();
  const target: CallTarget = {
    name: "Claude Code",
    model,
    baseUrl,
    keyVariables: options.needsOwnKey === true ? undefined : "ANTHROPIC_API_KEY",
    keyAdvice: login.type === "own" ? LOGIN_ADVICE : undefined,
    secrets: [...secretsOf(login), ...Object.values(options.env)],
  };
  const habit = createThoughtHabit(options.baseUrl === undefined);
  return {
    kind: KIND,
    model,
    provider: "anthropic",
    ask: (request) =>
      guardedCall(
        request.signal,
        (signal) => ask({ ...request, signal }, options, { pools, target }),
        (error) => brokenCall(error, target),
        habit,
      ),
  };
}

interface Kept {
  readonly pools: Pools<ClaudeSession>;
  readonly target: CallTarget;
}

async function* ask(
  request: BackendRequest,
  options: ClaudeCodeOptions,
  kept: Kept,
): AsyncGenerator<readonly BackendEvent[]> {
  const { signal, tools, messages } = request;
  const { host, login } = options;
  if (login.type === "key" && login.key === undefined) throw missingKeyError(kept.target);
  const pool = await poolFor(request, options, kept);
  const turn = openTurn(await pool.lease(signal), host.clock);
  const reader = createTurnReader(kept.target, false);
  try {
    if (tools.length > 0) {
      const move = await untilAborted(host.tools.open(tools), signal);
      void move.called.then((call) => {
        reader.called(call);
        turn.endSoon();
      });
      await untilAborted(turn.offer(move), signal);
    }
    turn.say(flattenPrompt(messages).flatMap(blocksOf));
    while (!reader.isOver() && !turn.isLate()) {
      const batch = await untilAborted(turn.next(), signal);
      yield batch.flatMap((told) => (reader.isOver() ? [] : reader.take(told)));
    }
    yield [...reader.end()];
  } finally {
    void turn.settle();
  }
}

async function poolFor(
  request: BackendRequest,
  options: ClaudeCodeOptions,
  { pools, target }: Kept,
): Promise<Pool<ClaudeSession>> {
  const { command = "claude", parleyEnv, host } = options;
  const found = await findCommand(command, parleyEnv["PATH"] ?? "");
  const cli = cliOf(command);
  if (!found) throw programMissing(cli);
  const settings: ClaudeSettings = {
    model: options.model,
    login: options.login,
    baseUrl: options.baseUrl,
    reasoning: options.reasoning,
    env: options.env,
    system: request.system.join("\n\n"),
    maxOutputTokens: leastOf(request.maxOutputTokens, options.maxOutputTokens),
  };
  const redact = createRedactor(target.secrets);
  const key = createHash("sha256")
    .update(JSON.stringify([found, settings]))
    .digest("hex");
  return pools.of(key, {
    movesAtOnce: 1,
    most: options.concurrency ?? MOST_PROCESSES,
    async start() {
      const folder = await host.folders.create();
      const run = await claudeCommand(found.file, settings, { folder, env: parleyEnv });
      return createSession({
        clock: host.clock,
        cli,
        start: (listener) => startJsonProcess(run, { clock: host.clock, redact, ...listener }),
        onEnd: () => host.folders.wipe(folder),
      });
    },
  });
}

const leastOf = (...limits: readonly (number | undefined)[]): number | undefined => {
  const given = limits.filter((limit) => limit !== undefined);
  return given.length > 0 ? Math.min(...given) : undefined;
};

function secretsOf(login: Login): readonly string[] {
  const secret = login.type === "key" ? login.key : login.token;
  return secret === undefined ? [] : [secret];
}

const cliOf = (command: string): CliName => ({
  name: "Claude Code",
  command,
  install: "npm install -g @anthropic-ai/claude-code",
});
