import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { connectMcp, type McpConnection } from "./mcp-client.ts";
import { askModel, ModelError, type ModelUsage } from "./model-client.ts";

/*
 * An agent of the Agent Client Protocol that asks a Chat Completions server. It shows the failures that were seen of real agents (Claude's and
 * Codex's adapters, Gemini CLI, opencode), as the prompt tells it (@@name) or, for its start, the variable FAKE.
 */
const env = process.env;
const start = env["FAKE"] ?? "";

const send = (message: object): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

interface Session {
  readonly id: string;
  readonly system: string;
  readonly mcp: McpConnection | null;
  history: readonly object[];
  stop: AbortController;
}
const sessions = new Map<string, Session>();
const asked = new Map<number, (result: unknown) => void>();
const counters = { sessions: 0, requests: 0 };

const request = (method: string, params: object): Promise<unknown> => {
  counters.requests += 1;
  const id = 9000 + counters.requests;
  send({ id, method, params });
  return new Promise((resolve) => asked.set(id, resolve));
};

class Refusal extends Error {
  readonly error: { code: number; message: string; data?: unknown };
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.error = { code, message, ...(data !== undefined && { data }) };
  }
}

const NewSession = z.object({
  systemPrompt: z.object({ content: z.array(z.object({ text: z.string() })) }).optional(),
  mcpServers: z.array(
    z.object({
      url: z.string(),
      headers: z.array(z.object({ name: z.string(), value: z.string() })),
    }),
  ),
});
const Prompt = z.object({
  sessionId: z.string(),
  prompt: z.array(z.record(z.string(), z.unknown())),
});

const HANDLERS: Record<string, (params: unknown) => Promise<object>> = {
  async initialize() {
    if (start === "old") return { protocolVersion: 7, agentCapabilities: {} };
    if (start === "strange") return { hello: "world" };
    const no = start === "bare";
    return {
      protocolVersion: 1,
      agentCapabilities: {
        promptCapabilities: { image: !no },
        mcpCapabilities: { http: !no },
        sessionCapabilities: {
          ...(!no && { close: {}, setTitle: {} }),
          ...(start === "system" && { systemPrompt: {} }),
        },
      },
      authMethods: [],
    };
  },
  async "session/new"(params) {
    if (start === "no-login") throw new Refusal(-32000, "Authentication required");
    const { mcpServers, systemPrompt } = NewSession.parse(params);
    const [server] = mcpServers;
    const headers = Object.fromEntries(server?.headers.map((one) => [one.name, one.value]) ?? []);
    counters.sessions += 1;
    const id = `session-${counters.sessions}`;
    sessions.set(id, {
      id,
      system: systemPrompt?.content.map(({ text }) => text).join("") ?? "",
      mcp: server ? await connectMcp(server.url, headers) : null,
      history: [],
      stop: new AbortController(),
    });
    const modes = { currentModeId: "auto", availableModes: [{ id: "auto" }, { id: "default" }] };
    return { sessionId: id, ...(start === "auto" && { modes }) };
  },
  "session/set_mode": async () => ({}),
  async "session/set_title"() {
    titled = true;
    return {};
  },
  async "session/close"(params) {
    const { sessionId } = Prompt.pick({ sessionId: true }).parse(params);
    await sessions.get(sessionId)?.mcp?.close();
    sessions.delete(sessionId);
    return {};
  },
  "session/prompt": (params) => answer(Prompt.parse(params)),
};
let titled = false;

const update = (sessionId: string, fields: object): void =>
  send({ method: "session/update", params: { sessionId, update: fields } });

const say = (sessionId: string, text: string, kind = "agent_message_chunk"): void =>
  update(sessionId, { sessionUpdate: kind, content: { type: "text", text } });

const asContent = (block: Record<string, unknown>): object =>
  block["type"] === "image"
    ? {
        type: "image_url",
        image_url: { url: `data:${String(block["mimeType"])};base64,${String(block["data"])}` },
      }
    : block;

async function answer({ sessionId, prompt }: z.infer<typeof Prompt>): Promise<object> {
  const session = sessions.get(sessionId);
  if (!session) throw new Refusal(-32002, "Resource not found");
  const words = JSON.stringify(prompt);
  const told = (name: string): boolean => new RegExp(`@@${name}\\b`).test(words);
  session.stop = new AbortController();
  session.history = [...session.history, ...prompt.map(asContent)];
  const early = await misbehave(session, told);
  if (early) return early;
  if (!titled && told("title")) {
    for await (const _ of askModel({
      ...modelOf(session),
      content: [{ type: "text", text: "Title?" }],
    }));
  }
  const state = { calls: 0, usage: null as ModelUsage | null };
  try {
    for await (const event of askModel({ ...modelOf(session), content: session.history })) {
      if (event.type === "text") say(sessionId, event.text);
      if (event.type === "thinking") say(sessionId, event.text, "agent_thought_chunk");
      if (event.type === "call") {
        const cut = await callTool(session, event, state.calls++);
        if (cut) return cut;
      }
      if (event.type !== "end") continue;
      state.usage = event.usage;
      return { stopReason: STOP[event.finish] ?? "end_turn", ...usageOf(event.usage) };
    }
  } catch (error) {
    if (session.stop.signal.aborted) return { stopReason: "cancelled" };
    throw asRefusal(error, session);
  }
  return { stopReason: "end_turn" };
}

const STOP: Record<string, string> = { length: "max_tokens", content_filter: "refusal" };

const modelOf = (session: Session) => ({
  url: env["FAKE_MODEL_URL"] ?? "",
  key: env["FAKE_KEY"] ?? "",
  model: env["FAKE_MODEL"] ?? "",
  system: session.system,
  tools: session.mcp?.tools ?? [],
  signal: session.stop.signal,
});

/** The protocol's way: what came from the cache is no part of the input. */
const usageOf = (usage: ModelUsage | null): object =>
  usage
    ? {
        usage: {
          inputTokens: usage.input - usage.cached,
          cachedReadTokens: usage.cached,
          cachedWriteTokens: 0,
          outputTokens: usage.output,
          thoughtTokens: usage.reasoning,
          totalTokens: usage.input + usage.output,
        },
      }
    : {};

async function callTool(
  session: Session,
  { name, arguments: text }: { name: string; arguments: string },
  index: number,
): Promise<object | null> {
  const toolCallId = `call-${index}`;
  const title = `mcp.parley.${name}`;
  update(session.id, { sessionUpdate: "tool_call", toolCallId, title, status: "pending" });
  const allowed = await request("session/request_permission", {
    sessionId: session.id,
    toolCall: { toolCallId },
    options: OPTIONS,
  });
  const { optionId } = Answer.parse(allowed).outcome;
  if (optionId !== "yes-once") return { stopReason: "cancelled" };
  try {
    const args = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    await session.mcp?.call(name, args, session.stop.signal);
  } catch {
    // As when a model writes no JSON: the agent tells its model, and the turn goes on.
  }
  return session.stop.signal.aborted ? { stopReason: "cancelled" } : null;
}

const OPTIONS = [
  { optionId: "yes-always", kind: "allow_always", name: "Always" },
  { optionId: "yes-once", kind: "allow_once", name: "Once" },
  { optionId: "no", kind: "reject_once", name: "No" },
];
const Answer = z.object({ outcome: z.object({ optionId: z.string().optional() }) });

/** 401 and 429 are codes with Gemini CLI; elsewhere the words alone tell. */
function asRefusal(error: unknown, session: Session): Error {
  if (!(error instanceof ModelError)) return error instanceof Error ? error : new Error("?");
  if (error.status === null) return new Refusal(-32603, error.message);
  // Claude's adapter writes the error into the answer as well.
  say(session.id, `API Error: ${error.status}`);
  return new Refusal(error.status, error.message);
}

/** What was seen of real agents: see the names. */
async function misbehave(
  session: Session,
  told: (name: string) => boolean,
): Promise<object | null> {
  const { id, stop } = session;
  if (told("exit")) process.exit(3);
  if (told("half-line")) {
    process.stdout.write('{"jsonrpc":"2.0","method":"session/up', () => process.exit(1));
    await sleep(60_000);
  }
  if (told("flood")) for (;;) await flood();
  if (told("big-line")) process.stdout.write(`{"a":"${"x".repeat(50_000_000)}"}\n`);
  if (told("noise")) process.stdout.write("Loading…\n[1,2]\n{broken\n");
  if (told("stderr")) process.stderr.write(`${"blah ".repeat(20_000)} ${env["FAKE_KEY"] ?? ""}\n`);
  if (told("warning")) say(id, "**Warning:** We're changing auto mode soon, see the docs.\n\n");
  if (told("sentence")) {
    say(id, "exceeded retry limit, last status: 429 Too Many Requests");
    return { stopReason: "end_turn" };
  }
  if (told("json-answer")) {
    say(
      id,
      '{"error":{"message":"Your input exceeds the context window","type":"invalid_request_error","code":"context_length_exceeded"}}',
    );
    return { stopReason: "end_turn" };
  }
  if (told("session-failure")) {
    const sessionFailure = { category: "unknown", title: "unexpected status 500 from the model" };
    return { stopReason: "end_turn", _meta: { jetbrains: { air: { sessionFailure } } } };
  }
  if (told("lost-child")) throw new Refusal(-32603, "Claude process exited unexpectedly");
  if (told("silent"))
    await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
  if (told("deaf")) await new Promise(() => {});
  if (told("silent")) return { stopReason: "cancelled" };
  if (told("cancels")) return { stopReason: "cancelled" };
  if (told("turns")) return { stopReason: "max_turn_requests" };
  if (told("unknown")) {
    update(id, { sessionUpdate: "brand_new_thing", content: [1, 2] });
    say("session-of-nobody", "not for you");
    send({ method: "brand/new", params: {} });
    await request("fs/read_text_file", { sessionId: id, path: "/etc/passwd" });
  }
  if (told("shell")) {
    const allowed = await request("session/request_permission", {
      sessionId: id,
      toolCall: { toolCallId: "x", title: "parley vote", kind: "execute" },
      options: OPTIONS,
    });
    say(id, `shell: ${Answer.parse(allowed).outcome.optionId}`);
    return { stopReason: "end_turn" };
  }
  return null;
}

const flood = (): Promise<void> =>
  new Promise((resolve) => process.stdout.write(`${"y".repeat(64_000)}\n`, () => resolve()));

const Message = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
});

async function take(line: string): Promise<void> {
  const { id, method, params, result } = Message.parse(JSON.parse(line));
  if (method === "session/cancel") {
    sessions.get(Prompt.pick({ sessionId: true }).parse(params).sessionId)?.stop.abort();
    return;
  }
  if (method === undefined) {
    if (id !== undefined) asked.get(id)?.(result ?? {});
    return;
  }
  const handle = HANDLERS[method];
  try {
    if (!handle) throw new Refusal(-32601, "Method not found");
    send({ id, result: await handle(params) });
  } catch (error) {
    const refused =
      error instanceof Refusal ? error.error : { code: -32603, message: String(error) };
    send({ id, error: refused });
  }
}

if (start === "exit") {
  process.stderr.write(`Error: this agent needs Node 99. Key ${env["FAKE_KEY"] ?? ""}\n`);
  process.exit(1);
}
if (start === "hang") setInterval(() => {}, 1000);
else createInterface({ input: process.stdin }).on("line", (line) => void take(line));
if (start === "orphan")
  spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
