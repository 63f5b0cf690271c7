import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { programUnknown } from "../cli/cli-failure.ts";
import { MOVE_SERVER } from "../cli/move-tools/move-call.ts";
import type { OpenMove } from "../cli/move-tools/move-tools.ts";
import type { Worker } from "../cli/pool.ts";
import { type RpcWorker, type RpcWorkerOptions, startRpcWorker } from "../cli/rpc-worker.ts";
import { type AcpErrors, acpFailure } from "./failure.ts";
import { answerPermission } from "./permission.ts";
import {
  type Capabilities,
  Initialized,
  NewSession,
  PROTOCOL,
  Prompted,
  type SessionUpdate,
  Update,
} from "./wire.ts";

/** Waits, ms. Gemini CLI takes 4 s to start, opencode 15 s, on a busy machine. */
export interface AcpTimes {
  readonly initialize: number;
  readonly session: number;
  /** For the result of a cancelled prompt. */
  readonly cancel: number;
}

export const ACP_TIMES: AcpTimes = { initialize: 40_000, session: 20_000, cancel: 2000 };

/** What a session is opened with. */
export interface SessionSetup {
  /** "": the agent has it already, or cannot take one. */
  readonly system: string;
  /** Null: the move has no tools. */
  readonly move: OpenMove | null;
  readonly tools: ReadonlySet<string>;
  readonly onUpdate: (update: SessionUpdate) => void;
}

/** A session for one move. */
export interface AcpSession {
  /** Rejects with a `BackendError`. */
  prompt(blocks: readonly object[]): Promise<Prompted>;
  cancel(): void;
  /** Its late updates are left out from now on. Never rejects. */
  close(): Promise<void>;
}

/** A running agent, which keeps its sessions apart. */
export interface AcpAgent extends Worker {
  readonly can: Capabilities;
  /** Rejects with a `BackendError`. */
  open(setup: SessionSetup): Promise<AcpSession>;
}

export interface AcpAgentOptions extends Pick<
  RpcWorkerOptions,
  "host" | "cli" | "command" | "redact" | "folder"
> {
  readonly errors: AcpErrors;
  readonly times: AcpTimes;
}

/** One session, while it is open. */
interface Live extends Pick<SessionSetup, "tools" | "onUpdate"> {
  readonly titles: Map<string, string>;
}

/** Asks an agent not to spend a model call on a title; others ignore it. */
const NO_TITLE = { claudeCode: { options: { title: "Parley" } } };
/** codex-acp tells failures apart from answers only to those who say that they know the difference. */
const CLIENT = {
  protocolVersion: PROTOCOL,
  clientInfo: { name: "parley", version: "1" },
  clientCapabilities: {
    fs: { readTextFile: false, writeTextFile: false },
    terminal: false,
    _meta: { jetbrains: { air: { version: 1, capabilities: ["sessionFailure"] } } },
  },
};

/** Starts an agent, ready for sessions. Rejects with a `BackendError`. */
export async function startAcpAgent(options: AcpAgentOptions): Promise<AcpAgent> {
  const { errors } = options;
  const sessions = new Map<string, Live>();
  const worker = startRpcWorker({
    ...options,
    onNotification: (method, params) => method === "session/update" && update(sessions, params),
    onRequest: (method, params) =>
      method === "session/request_permission" ? permit(sessions, params) : undefined,
  });
  try {
    const can = await initialize(worker, options);
    return { ...worker, can, open: (setup) => open({ ...options, worker, can, sessions }, setup) };
  } catch (error) {
    void worker.end();
    throw acpFailure(error, "start", errors);
  }
}

async function initialize(
  { rpc }: RpcWorker,
  { cli, times }: AcpAgentOptions,
): Promise<Capabilities> {
  const answer = await rpc.call("initialize", CLIENT, times.initialize);
  const { data } = Initialized.safeParse(answer);
  if (!data) throw programUnknown(cli, "its answer to initialize cannot be read");
  if (data.protocolVersion !== PROTOCOL) {
    throw programUnknown(cli, `it wants version ${data.protocolVersion} of the protocol`);
  }
  return data.agentCapabilities;
}

/** Updates of other sessions, and late ones, are left out. */
function update(sessions: ReadonlyMap<string, Live>, params: unknown): void {
  const { data } = Update.safeParse(params);
  const live = data && sessions.get(data.sessionId);
  if (!data || !live) return;
  const { toolCallId, title } = data.update;
  if (toolCallId !== undefined && title !== undefined) live.titles.set(toolCallId, title);
  live.onUpdate(data.update);
}

function permit(sessions: ReadonlyMap<string, Live>, params: unknown): object {
  const id = Update.pick({ sessionId: true }).safeParse(params).data?.sessionId;
  const live = id === undefined ? undefined : sessions.get(id);
  return answerPermission(params, live?.tools ?? new Set(), (call) => live?.titles.get(call));
}

interface Running extends AcpAgentOptions {
  readonly worker: RpcWorker;
  readonly can: Capabilities;
  readonly sessions: Map<string, Live>;
}

async function open(running: Running, setup: SessionSetup): Promise<AcpSession> {
  const { worker, can, sessions, times, folder, errors } = running;
  const { rpc } = worker;
  worker.renew();
  // A session of its own folder sees nothing that another one wrote.
  await mkdir(join(folder, "work"), { recursive: true, mode: 0o700 });
  const cwd = await mkdtemp(join(folder, "work", "session-"));
  const opened = await rpc
    .call("session/new", newSession(cwd, setup, can), times.session)
    .catch((error: unknown) => {
      throw acpFailure(error, "open a session", errors);
    });
  const { data } = NewSession.safeParse(opened);
  if (!data) throw programUnknown(errors.cli, "its answer to session/new cannot be read");
  const { sessionId } = data;
  sessions.set(sessionId, { ...setup, titles: new Map() });
  await prepare(running, data);
  return {
    async prompt(prompt) {
      try {
        return Prompted.parse(await rpc.call("session/prompt", { sessionId, prompt }));
      } catch (error) {
        throw acpFailure(error, "answer", errors);
      }
    },
    cancel: () => rpc.notify("session/cancel", { sessionId }),
    async close() {
      sessions.delete(sessionId);
      const { close } = can.sessionCapabilities;
      if (close)
        await rpc.call("session/close", { sessionId }, times.cancel).catch(() => undefined);
      await rm(cwd, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

const newSession = (
  cwd: string,
  { system, move }: SessionSetup,
  { sessionCapabilities }: Capabilities,
) => ({
  cwd,
  mcpServers: move
    ? [
        {
          type: "http",
          name: MOVE_SERVER,
          url: move.url,
          headers: [{ name: "authorization", value: `Bearer ${move.bearer}` }],
        },
      ]
    : [],
  ...(sessionCapabilities.systemPrompt &&
    system !== "" && {
      systemPrompt: { mode: "override", content: [{ type: "text", text: system }] },
    }),
  _meta: NO_TITLE,
});

/** Stops what some agents do besides the prompt: a notice in the answer (Claude's mode auto), a model call for a title. */
async function prepare(
  { worker, can, times }: Running,
  { sessionId, modes }: NewSession,
): Promise<void> {
  const wants = (method: string, params: object) =>
    worker.rpc.call(method, { sessionId, ...params }, times.session).catch(() => undefined);
  const isDefault = modes?.currentModeId === "default";
  if (!isDefault && modes?.availableModes.some(({ id }) => id === "default")) {
    await wants("session/set_mode", { modeId: "default" });
  }
  if (can.sessionCapabilities.setTitle) await wants("session/set_title", { title: "Parley" });
}
