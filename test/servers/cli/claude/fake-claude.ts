import { appendFileSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { callTool, listTools, type McpServer } from "./mcp-client.ts";
import { askModel, parsed, type Refusal, type Reply } from "./model-call.ts";

/*
 * Behaves like `claude -p --input-format stream-json` 2.1.332, as seen by running it: asks a model server with the Messages API, calls MCP tools
 * and asks again, keeps the conversation until /clear, and asks again by itself after a cut, a refusal and a stream that broke off. FAKE_CLAUDE
 * names what it does wrong; it appends how it was started to the file FAKE_CLAUDE_LOG.
 */
const { env } = process;
const faults = new Set((env["FAKE_CLAUDE"] ?? "").split(" "));
const args = process.argv.slice(2);
const valueOf = (flag: string): string =>
  args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1) ?? "";

if (env["FAKE_CLAUDE_LOG"]) {
  const started = { pid: process.pid, args, env, cwd: process.cwd() };
  appendFileSync(env["FAKE_CLAUDE_LOG"], `${JSON.stringify(started)}\n`);
}
if (args.join(" ") === "auth status") {
  const loggedIn = env["CLAUDE_CODE_OAUTH_TOKEN"] === "good";
  process.stdout.write(JSON.stringify({ loggedIn, authMethod: "oauth_token" }, null, 2));
  process.exit(loggedIn ? 0 : 1);
}
if (faults.has("old")) {
  process.stderr.write("error: unknown option '--system-prompt-file'\n");
  process.exit(1);
}
if (faults.has("stderr-flood")) {
  process.stderr.write(`${"noise ".repeat(200_000)}key ${env["ANTHROPIC_API_KEY"]} end\n`);
}

const Line = z.looseObject({
  type: z.string(),
  request_id: z.string().optional(),
  request: z
    .looseObject({
      subtype: z.string(),
      servers: z
        .record(
          z.string(),
          z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
        )
        .optional(),
    })
    .optional(),
  message: z.object({ content: z.unknown() }).optional(),
});
type Line = z.infer<typeof Line>;

const state = {
  history: [] as { role: string; content: unknown }[],
  server: null as McpServer | null,
  tools: [] as { name: string }[],
  running: null as AbortController | null,
  resumed: 0,
};

const emit = (line: Record<string, unknown>): void => {
  if (faults.has("noise")) {
    process.stdout.write("\u001b[33mWarning:\u001b[0m this is no JSON {\n");
    process.stdout.write(`${JSON.stringify({ type: "future_thing", payload: [null] })}\n`);
    process.stdout.write("[1,2]\nnull\n");
  }
  process.stdout.write(`${JSON.stringify({ session_id: "s1", ...line })}\n`);
};
const emitEvent = (event: Record<string, unknown>): void => {
  if (faults.has("dies") && event["type"] === "content_block_delta") {
    process.stdout.write('{"type":"stream_event","event":{"type":"content_blo');
    process.exit(1);
  }
  if (!faults.has("whole")) emit({ type: "stream_event", event, parent_tool_use_id: null });
};
const emitMessage = (message: Record<string, unknown>, more = {}): void =>
  emit({ type: "assistant", message, parent_tool_use_id: null, ...more });
const emitAgain = (text: string): void => {
  const content = [{ type: "text", text }];
  state.history.push({ role: "user", content });
  emit({ type: "user", message: { role: "user", content }, isSynthetic: true });
};

const post = (signal: AbortSignal): Promise<Response> => {
  const key = env["ANTHROPIC_API_KEY"];
  const base = new URL(env["ANTHROPIC_BASE_URL"] ?? "https://api.anthropic.com");
  base.username = "";
  base.password = "";
  return fetch(`${base.href.replace(/\/$/, "")}/v1/messages?beta=true`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key !== undefined && { "x-api-key": key }) },
    body: JSON.stringify({
      model: valueOf("--model"),
      messages: state.history,
      system: [{ type: "text", text: readFileSync(valueOf("--system-prompt-file"), "utf8") }],
      ...(state.tools.length > 0 && { tools: state.tools }),
      max_tokens: Number(env["CLAUDE_CODE_MAX_OUTPUT_TOKENS"] ?? 32_000),
      metadata: { user_id: `session-${process.pid}` },
      stream: true,
    }),
    signal,
  });
};

/** One turn. Rejects when it is interrupted. */
async function turn(signal: AbortSignal): Promise<Record<string, unknown>> {
  state.resumed = 0;
  for (;;) {
    emit({ type: "system", subtype: "status", status: "requesting" });
    const reply = await askModel(() => post(signal), emitEvent);
    if ("status" in reply) return refused(reply);
    const { content, usage } = reply;
    for (const block of content) {
      emitMessage({ id: reply.id, model: valueOf("--model"), content: [block], usage });
    }
    state.history.push({ role: "assistant", content });
    const result = await goOn(reply, signal);
    if (result) return result;
    // Time to cancel it. The real one takes some 20 ms.
    await sleep(2_000, undefined, { signal });
  }
}

const AGAIN: Readonly<Record<string, string>> = {
  max_tokens: "Output token limit hit. Resume directly.",
  refusal: "Your response above was stopped by a safety classifier.",
};

/** The result, or null: the model is asked again. */
async function goOn(reply: Reply, signal: AbortSignal): Promise<Record<string, unknown> | null> {
  if (reply.isBroken) {
    emitEvent({ type: "message_stop" });
    state.resumed += 1;
    if (state.resumed > 3) return refused({ status: null, type: "", words: "Cut off mid-stream" });
    emitAgain("Your response above was cut off mid-stream.");
    return null;
  }
  const again = AGAIN[reply.stop ?? ""];
  if (again !== undefined) {
    emitAgain(again);
    return null;
  }
  const calls = reply.content.filter(({ type }) => type === "tool_use");
  if (calls.length === 0) return resultOf(reply);
  const results = [];
  for (const call of calls) results.push(await use(call, signal));
  state.history.push({ role: "user", content: results });
  return null;
}

async function use(call: Record<string, unknown>, signal: AbortSignal) {
  const name = String(call["name"]).replace("mcp__parley__", "");
  const content =
    state.server && name !== call["name"]
      ? await callTool(state.server, { name, arguments: call["input"] }, signal)
      : `Error: No such tool available: ${name}`;
  return { type: "tool_result", tool_use_id: call["id"], content };
}

const resultOf = ({ content, usage, stop }: Reply): Record<string, unknown> => ({
  subtype: "success",
  is_error: false,
  result: content.flatMap(({ text }) => (typeof text === "string" ? [text] : [])).at(-1) ?? "",
  stop_reason: stop,
  terminal_reason: "completed",
  usage,
});

/** The CLI writes the error where the answer would stand. */
function refused({ status, type, words }: Refusal): Record<string, unknown> {
  const content = [{ type: "text", text: words }];
  emitMessage({ id: "synthetic", model: "<synthetic>", content }, { is_api_error_message: true });
  return {
    subtype: "success",
    is_error: true,
    result: words,
    terminal_reason: "api_error",
    api_error_status: status,
    ...(status === null ? { api_error: type } : { api_error_type: type }),
  };
}

async function say(content: unknown): Promise<void> {
  emit({ type: "system", subtype: "init", tools: state.tools.map(({ name }) => name) });
  if (content === "/clear") return clear();
  state.history.push({ role: "user", content });
  const running = new AbortController();
  state.running = running;
  const result = faults.has("logged-out")
    ? { is_error: true, subtype: "success", result: "Not logged in · Please run /login" }
    : await turn(running.signal).catch(() => ({
        subtype: "error_during_execution",
        is_error: true,
        terminal_reason: "aborted_streaming",
      }));
  state.running = null;
  emit({ type: "result", ...result });
}

function clear(): void {
  const isAvailable = !faults.has("no-clear");
  if (isAvailable) {
    state.history = [];
    emit({ type: "conversation_reset", trigger: "clear" });
  }
  const result = isAvailable ? "" : "/clear isn't available in this environment.";
  emit({ type: "result", subtype: "success", is_error: false, num_turns: 0, result });
}

async function control({ request_id, request }: Line): Promise<void> {
  const reply = (response: Record<string, unknown>) =>
    emit({ type: "control_response", response: { request_id, ...response } });
  if (request?.subtype === "interrupt") {
    if (faults.has("deaf")) return;
    reply({ subtype: "success" });
    return state.running?.abort();
  }
  if (faults.has("no-servers")) return reply({ subtype: "error", error: "unknown subtype" });
  state.server = request?.servers?.["parley"] ?? null;
  const listed = state.server ? await listTools(state.server) : [];
  state.tools = listed.map((tool) => ({ ...tool, name: `mcp__parley__${tool.name}` }));
  reply({ subtype: "success", response: { added: [], removed: [], errors: {} } });
}

/** Messages wait for each other; requests of control do not wait for messages. */
let last: Promise<void> = Promise.resolve();
for await (const line of createInterface({ input: process.stdin })) {
  const value = Line.parse(parsed(line));
  if (value.type === "control_request") void control(value);
  else if (value.type === "user") last = last.then(() => say(value.message?.content));
}
state.running?.abort();
process.exit(0);
