import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { FAULTS } from "./acp-faults.ts";
import {
  answered,
  asContent,
  OPTIONS,
  Refusal,
  request,
  say,
  send,
  type Session,
  update,
} from "./acp-wire.ts";
import { connectMcp } from "./mcp-client.ts";
import { askModel, ModelError, type ModelEvent, type ModelUsage } from "./model-client.ts";

/*
 * An agent of the Agent Client Protocol that asks a Chat Completions server. It shows the failures that were seen of real agents (Claude's and
 * Codex's adapters, Gemini CLI, opencode), as the prompt tells it (@@name) or, for its start, the variable FAKE.
 */
const env = process.env;
/** As Gemini CLI does it: a system prompt of the process, other counts, and one round of tools. */
const isGemini = env["GEMINI_CLI_HOME"] !== undefined;
const start = env["FAKE"] ?? "";

const sessions = new Map<string, Session>();

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
    const id = `session-${crypto.randomUUID()}`;
    sessions.set(id, {
      id,
      system: isGemini
        ? readFileSync(env["GEMINI_SYSTEM_MD"] ?? "", "utf8")
        : (systemPrompt?.content.map(({ text }) => text).join("") ?? ""),
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

async function answer({ sessionId, prompt }: z.infer<typeof Prompt>): Promise<object> {
  const session = sessions.get(sessionId);
  if (!session) throw new Refusal(-32002, "Resource not found");
  session.stop = new AbortController();
  session.history = [...session.history, ...prompt.map(asContent)];
  const words = JSON.stringify(prompt);
  for (const [, name = ""] of words.matchAll(/@@([\w-]+)/g)) {
    const over = await FAULTS[name]?.(session);
    if (over) return over;
  }
  if (!titled && words.includes("@@title")) await inventTitle(session);
  try {
    return await stream(session);
  } catch (error) {
    const over = endedBy(error, session);
    if (over) return over;
    throw asRefusal(error, session);
  }
}

/** Gemini CLI takes a stream without an end for a whole answer. */
function endedBy(error: unknown, { stop }: Session): object | null {
  if (stop.signal.aborted) return { stopReason: "cancelled" };
  return isGemini && isCut(error) ? { stopReason: "end_turn", ...usageOf(NO_USAGE) } : null;
}

async function stream(session: Session): Promise<object> {
  for await (const event of askModel({ ...modelOf(session), content: session.history })) {
    const over = await pass(session, event);
    if (over) return over;
  }
  return { stopReason: "end_turn" };
}

async function pass(session: Session, event: ModelEvent): Promise<object | null> {
  if (event.type === "text") say(session.id, event.text);
  if (event.type === "thinking") {
    say(session.id, isGemini ? `****\n${event.text}` : event.text, "agent_thought_chunk");
  }
  if (event.type === "call") return callTool(session, event);
  if (event.type !== "end") return null;
  return { stopReason: STOP[event.finish] ?? "end_turn", ...usageOf(event.usage) };
}

async function inventTitle(session: Session): Promise<void> {
  await Array.fromAsync(
    askModel({ ...modelOf(session), content: [{ type: "text", text: "Title?" }] }),
  );
}

const STOP: Record<string, string> = { length: "max_tokens", content_filter: "refusal" };

const modelOf = (session: Session) => ({
  url: env["FAKE_MODEL_URL"] ?? env["GOOGLE_GEMINI_BASE_URL"] ?? "",
  key: env["FAKE_KEY"] ?? env["GEMINI_API_KEY"] ?? "",
  model: env["FAKE_MODEL"] ?? process.argv.at(-1) ?? "",
  system: session.system,
  tools: session.mcp?.tools ?? [],
  signal: session.stop.signal,
});

/** The protocol's way: what came from the cache is no part of the input. */
function usageOf(usage: ModelUsage | null): object {
  // Gemini CLI's servers count the tokens of each reply.
  if (!usage) return isGemini ? usageOf(GEMINI_USAGE) : {};
  const { input, cached, output, reasoning } = usage;
  return isGemini
    ? { _meta: { quota: { token_count: { input_tokens: input, output_tokens: output } } } }
    : {
        usage: {
          inputTokens: input - cached,
          cachedReadTokens: cached,
          cachedWriteTokens: 0,
          outputTokens: output,
          thoughtTokens: reasoning,
          totalTokens: input + output,
        },
      };
}

async function callTool(
  session: Session,
  { name, arguments: text }: Extract<ModelEvent, { type: "call" }>,
): Promise<object | null> {
  const toolCallId = `call-${crypto.randomUUID()}`;
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
  if (session.stop.signal.aborted) return { stopReason: "cancelled" };
  return isGemini ? { stopReason: "max_turn_requests", ...usageOf(GEMINI_USAGE) } : null;
}

const isCut = (error: unknown): boolean =>
  error instanceof ModelError && error.message.startsWith("stream disconnected");

const NO_USAGE = { input: 0, cached: 0, output: 0, reasoning: 0 };
const GEMINI_USAGE = { input: 1000, cached: 0, output: 20, reasoning: 0 };
const Answer = z.object({ outcome: z.object({ optionId: z.string().optional() }) });

/** 401 and 429 are codes with Gemini CLI; elsewhere the words alone tell. */
function asRefusal(error: unknown, session: Session): Error {
  if (!(error instanceof ModelError)) return error instanceof Error ? error : new Error("?");
  if (error.status === null) return new Refusal(-32603, error.message);
  // Claude's adapter writes the error into the answer as well.
  say(session.id, `API Error: ${error.status}`);
  return new Refusal(error.status, error.message);
}

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
    if (id !== undefined) answered(id, result ?? {});
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
