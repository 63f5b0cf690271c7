import { createHash } from "node:crypto";
import { createRedactor } from "../../text/redact.ts";
import { untilAborted } from "../../timers.ts";
import type { Backend, BackendEvent, BackendRequest, Part } from "../backend.ts";
import { type CliName, programMissing } from "../cli/cli-failure.ts";
import type { CliHost, Pools } from "../cli/cli-host.ts";
import { findCommand } from "../cli/find-command.ts";
import { flattenPrompt } from "../cli/flatten-prompt.ts";
import type { CliCommand } from "../cli/json-process.ts";
import type { OpenMove } from "../cli/move-tools/move-tools.ts";
import type { Pool } from "../cli/pool.ts";
import { adaptRequest } from "../concessions/adapt-request.ts";
import { without } from "../concessions/concession.ts";
import { termsOf } from "../concessions/terms.ts";
import { guardedCall } from "../guarded-call.ts";
import type { Env } from "../keys.ts";
import {
  base64Of,
  fileNote,
  fencedFile,
  isImage,
  isTextFile,
  mediaTypeOf,
} from "../prompt-parts.ts";
import type { CallTarget } from "../provider-failure.ts";
import { createThoughtHabit } from "../reply-text/filter-events.ts";
import { ACP_TIMES, type AcpAgent, type AcpTimes, startAcpAgent } from "./agent.ts";
import { type AcpErrors, acpFailure } from "./failure.ts";
import { createAcpTurn } from "./turn.ts";

/** What one agent does unlike others. */
export interface AcpProfile {
  /** The `backend` of the team file. */
  readonly kind: string;
  readonly cli: CliName;
  /** The billing provider's id in the price catalogue; null if unknown. */
  readonly provider: string | null;
  /** How its users log in, as a sentence. */
  readonly login: string;
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
  /** The system prompt is the process's own; otherwise it is the session's, or goes into the message. */
  readonly hasOwnSystem: boolean;
  /** It ends its turn by itself after one model call. */
  readonly endsAfterCall: boolean;
  /** It counts the tokens of each reply that ended, and of no other one. */
  readonly countsWholeReplies: boolean;
  /** What the process is, apart from its place: part of the key of its pool. */
  readonly identity: unknown;
  /** Writes what the process needs into its private folder. `system`: "" unless it is the process's own. */
  prepare(file: string, folder: string, system: string): Promise<CliCommand>;
}

export interface AcpOptions {
  readonly model: string;
  readonly host: CliHost;
  /** Parley's environment: where programs are. */
  readonly env: Env;
  /** The most moves at the same time. Default: 8. */
  readonly concurrency?: number | undefined;
  readonly times?: AcpTimes;
}

/** Moves that one process takes, each in a session of its own. Four at once were tried with each agent. */
const MOVES_AT_ONCE = 4;
const MOST_MOVES = 8;

/** An agent that speaks the Agent Client Protocol on stdin and stdout: one session for each move. */
export function createAcpBackend(profile: AcpProfile, options: AcpOptions): Backend {
  const { model } = options;
  const { cli, secrets, login } = profile;
  const target: CallTarget = {
    name: cli.name,
    model,
    baseUrl: "",
    secrets,
    keyVariables: undefined,
    keyAdvice: login,
  };
  const errors: AcpErrors = { cli, target, login };
  const pools = options.host.pools<AcpAgent>();
  const habit = createThoughtHabit(false);
  return {
    kind: profile.kind,
    model,
    provider: profile.provider,
    ask: (request) =>
      guardedCall(
        request.signal,
        (signal) => ask({ ...request, signal }, { ...options, profile, errors, pools }),
        (error) => acpFailure(error, "answer", errors),
        habit,
      ),
  };
}

interface Kept extends AcpOptions {
  readonly profile: AcpProfile;
  readonly errors: AcpErrors;
  readonly pools: Pools<AcpAgent>;
}

async function* ask(request: BackendRequest, kept: Kept): AsyncGenerator<readonly BackendEvent[]> {
  const { signal } = request;
  const { host, errors, profile, times = ACP_TIMES } = kept;
  const pool = await poolFor(request, kept);
  const lease = await pool.lease(signal);
  const agent = lease.worker;
  const turn = createAcpTurn({ ...profile, errors, clock: host.clock, patienceMs: times.cancel });
  let isFit = true;
  let move: OpenMove | null = null;
  try {
    yield [{ type: "alive" }];
    const hasTools = request.tools.length > 0 && agent.can.mcpCapabilities.http;
    if (hasTools) move = await host.tools.open(request.tools);
    const { blocks, system, leftOut } = await promptFor(request, agent, profile);
    if (leftOut.length > 0) yield [{ type: "left_out", files: leftOut }];
    const tools = new Set(request.tools.map(({ name }) => name));
    isFit = false;
    const session = await untilAborted(
      agent.open({ system, move, tools, onUpdate: turn.onUpdate }),
      signal,
    );
    isFit = true;
    turn.start(session, blocks, move);
    for (;;) {
      const events = await untilAborted(turn.next(), signal);
      if (!events) return;
      yield events;
    }
  } finally {
    void turn.settle().then((settled) => {
      move?.close();
      lease.release(isFit && settled);
    });
  }
}

/** What the session and its one message consist of. */
async function promptFor(request: BackendRequest, { can }: AcpAgent, profile: AcpProfile) {
  const isApart = profile.hasOwnSystem || can.sessionCapabilities.systemPrompt;
  const terms = termsOf([
    without("documents"),
    ...(can.promptCapabilities.image ? [] : [without("images")]),
    ...(can.mcpCapabilities.http ? [] : [without("tools")]),
    ...(isApart ? [] : [without("system")]),
  ]);
  const adapted = await adaptRequest(request, terms);
  const { system, messages } = adapted.request;
  return {
    system: profile.hasOwnSystem ? "" : system.join("\n\n"),
    blocks: flattenPrompt(messages).map(blockOf),
    leftOut: adapted.leftOut.map(({ file, why }) => ({ file, why, isNew: false })),
  };
}

function blockOf(part: Part): object {
  if (part.type === "text") return part;
  if (isImage(part)) return { type: "image", mimeType: mediaTypeOf(part), data: base64Of(part) };
  const text = isTextFile(part) ? fencedFile(part) : fileNote(part, "this agent cannot read it");
  return { type: "text", text };
}

/** The pool of processes that are alike. Throws a `BackendError` if the program is missing. */
async function poolFor(request: BackendRequest, kept: Kept): Promise<Pool<AcpAgent>> {
  const { profile, errors, host, pools, env, concurrency = MOST_MOVES, times = ACP_TIMES } = kept;
  const found = await findCommand(profile.cli.command, env["PATH"] ?? "");
  if (!found) throw programMissing(profile.cli);
  const system = profile.hasOwnSystem ? request.system.join("\n\n") : "";
  const redact = createRedactor(profile.secrets);
  const key = createHash("sha256")
    .update(JSON.stringify([found, profile.identity, system]))
    .digest("hex");
  return pools.of(key, {
    movesAtOnce: Math.min(MOVES_AT_ONCE, concurrency),
    most: Math.ceil(concurrency / MOVES_AT_ONCE) + 1,
    async start() {
      const folder = await host.folders.create();
      const command = await profile.prepare(found.file, folder, system);
      const { cli } = profile;
      return startAcpAgent({ host, cli, command, redact, folder, errors, times });
    },
  });
}
