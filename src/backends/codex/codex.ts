import { createHash } from "node:crypto";
import { createRedactor } from "../../text/redact.ts";
import { untilAborted } from "../../timers.ts";
import type { Backend, BackendEvent, BackendRequest, Part } from "../backend.ts";
import { type CliName, programMissing } from "../cli/cli-failure.ts";
import type { CliHost, Pools } from "../cli/cli-host.ts";
import { findCommand } from "../cli/find-command.ts";
import { flattenPrompt } from "../cli/flatten-prompt.ts";
import type { Pool } from "../cli/pool.ts";
import { adaptRequest } from "../concessions/adapt-request.ts";
import { without } from "../concessions/concession.ts";
import { createCallEmulation } from "../concessions/emulated-tools.ts";
import { termsOf } from "../concessions/terms.ts";
import type { BackendConfig } from "../config.ts";
import { guardedCall } from "../guarded-call.ts";
import { fileContent } from "../openai-sdk/files.ts";
import type { CallTarget } from "../provider-failure.ts";
import { createThoughtHabit } from "../reply-text/filter-events.ts";
import { type CodexErrors, codexFailure } from "./failure.ts";
import { codexCommand, type CodexSettings } from "./home.ts";
import { CODEX_TIMES, type CodexServer, type CodexTimes, startCodexServer } from "./server.ts";
import { createCodexTurn } from "./turn.ts";

export interface CodexOptions extends CodexSettings {
  readonly host: CliHost;
  /** The program's name in PATH, or its place. Default: codex. */
  readonly command?: string | undefined;
  readonly reasoning?: BackendConfig["reasoning"];
  /** The most moves at the same time. Default: 8. */
  readonly concurrency?: number | undefined;
  readonly times?: CodexTimes;
}

/** Moves that one process takes, each in a thread of its own. */
const MOVES_AT_ONCE = 4;
const MOST_MOVES = 8;
const OPENAI = "https://api.openai.com/v1";

/** Codex, the user's own: `codex app-server`, an ephemeral thread for each move. Votes follow a JSON Schema, so that they cost one model call. */
export function createCodexBackend(options: CodexOptions): Backend {
  const { model, command = "codex", apiKey, baseUrl = OPENAI, ownEnv } = options;
  const target: CallTarget = {
    name: "Codex",
    model,
    baseUrl,
    keyVariables: "OPENAI_API_KEY",
    secrets: [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(ownEnv)],
  };
  const cli = { name: "Codex", command, install: "npm install -g @openai/codex" };
  const errors: CodexErrors = { cli, target };
  const pools = options.host.pools<CodexServer>();
  const habit = createThoughtHabit(options.baseUrl === undefined);
  return {
    kind: "codex",
    model,
    provider: "openai",
    ask: (request) =>
      guardedCall(
        request.signal,
        (signal) => ask({ ...request, signal }, { ...options, cli, errors, pools }),
        (error) => codexFailure(error, "answer", errors),
        habit,
      ),
  };
}

interface Kept extends CodexOptions {
  readonly cli: CliName;
  readonly errors: CodexErrors;
  readonly pools: Pools<CodexServer>;
}

/** PDFs go as their text, and calls as JSON. */
const TERMS = termsOf([without("documents"), without("tools")]);

async function* ask(request: BackendRequest, kept: Kept): AsyncGenerator<readonly BackendEvent[]> {
  const { signal } = request;
  const { host, errors, model, times = CODEX_TIMES } = kept;
  const lease = await (await poolFor(kept)).lease(signal);
  const turn = createCodexTurn({ errors, clock: host.clock, patienceMs: times.cancel });
  const asCalls = createCallEmulation(request.tools);
  let isFit = true;
  try {
    yield [{ type: "alive" }];
    const adapted = await adaptRequest(request, TERMS);
    const { system, messages, replyFormat } = adapted.request;
    const files = adapted.leftOut.map(({ file, why }) => ({ file, why, isNew: false }));
    if (files.length > 0) yield [{ type: "left_out", files }];
    isFit = false;
    const opening = lease.worker.open({
      model,
      system: system.join("\n\n"),
      onNotice: turn.onNotice,
    });
    const thread = await untilAborted(opening, signal);
    isFit = true;
    turn.began(thread);
    void lease.worker.broken.then((error) => turn.fail(error));
    const input = flattenPrompt(messages).map(inputOf);
    thread
      .begin(input, replyFormat?.schema, effortOf(kept.reasoning))
      .catch((error: unknown) => turn.fail(error));
    for (;;) {
      const events = await untilAborted(turn.next(), signal);
      if (!events) return;
      yield request.tools.length > 0 ? events.flatMap(asCalls) : events;
    }
  } finally {
    void turn.settle().then((settled) => lease.release(isFit && settled));
  }
}

const effortOf = (reasoning: BackendConfig["reasoning"]): string | undefined =>
  reasoning === "max" ? "xhigh" : reasoning;

function inputOf(part: Part): object {
  const content = part.type === "text" ? part : fileContent(part, []);
  if (content.type === "image") return { type: "image", url: content.url };
  return { type: "text", text: content.type === "text" ? content.text : "", text_elements: [] };
}

/** The pool of processes that are alike. Throws a `BackendError` if the program is missing. */
async function poolFor(kept: Kept): Promise<Pool<CodexServer>> {
  const { cli, errors, host, pools, env, concurrency = MOST_MOVES, times = CODEX_TIMES } = kept;
  const found = await findCommand(cli.command, env["PATH"] ?? "");
  if (!found) throw programMissing(cli);
  const { apiKey, baseUrl, ownEnv } = kept;
  const redact = createRedactor(errors.target.secrets);
  const key = createHash("sha256")
    .update(JSON.stringify([found, apiKey, baseUrl, ownEnv]))
    .digest("hex");
  return pools.of(key, {
    movesAtOnce: Math.min(MOVES_AT_ONCE, concurrency),
    most: Math.ceil(concurrency / MOVES_AT_ONCE) + 1,
    async start() {
      const folder = await host.folders.create();
      const command = await codexCommand(found.file, folder, kept);
      return startCodexServer({ host, cli, command, redact, folder, errors, times });
    },
  });
}
