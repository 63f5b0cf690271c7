import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { askModel, ModelError, type ModelEvent } from "./model-client.ts";

/*
 * A `codex app-server` that asks a Chat Completions server. Its model writes JSON where a schema is set, as the real one is made to. It fails as the
 * prompt says (@@exit, @@half-line, @@silent, @@no-json), or, for its start, by the variable FAKE.
 */
const env = process.env;
const start = env["FAKE"] ?? "";
const config = readFileSync(join(env["CODEX_HOME"] ?? "", "config.toml"), "utf8");
const url = JSON.parse(/base_url = (".*")/.exec(config)?.[1] ?? '""') as unknown;

const send = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

interface Thread {
  readonly id: string;
  readonly model: string;
  readonly system: string;
  stop: AbortController;
}
const threads = new Map<string, Thread>();

const Input = z.object({
  threadId: z.string(),
  input: z.array(
    z.union([
      z.object({ type: z.literal("text"), text: z.string() }),
      z.object({ type: z.literal("image"), url: z.string() }),
    ]),
  ),
  outputSchema: z.record(z.string(), z.unknown()).optional(),
});
type Input = z.infer<typeof Input>;
const ThreadStart = z.object({ model: z.string(), baseInstructions: z.string() });
const OfThread = z.object({ threadId: z.string() });

const HANDLERS: Record<string, (params: unknown) => object> = {
  initialize: () => ({ userAgent: "codex/0.171.0" }),
  "thread/start"(params) {
    if (start === "strange") return { session: 1 };
    const { model, baseInstructions: system } = ThreadStart.parse(params);
    const thread = { id: crypto.randomUUID(), model, system, stop: new AbortController() };
    threads.set(thread.id, thread);
    return { thread: { id: thread.id }, model };
  },
  "turn/start"(params) {
    const input = Input.parse(params);
    const thread = threads.get(input.threadId);
    if (!thread) throw new Error("no such thread");
    void run(thread, input);
    return { turn: { id: "turn-1" } };
  },
  "turn/interrupt"(params) {
    threads.get(OfThread.parse(params).threadId)?.stop.abort();
    return {};
  },
  "thread/unsubscribe"(params) {
    threads.delete(OfThread.parse(params).threadId);
    return {};
  },
};

const note = (method: string, threadId: string, fields: object = {}): void =>
  send({ method, params: { threadId, turnId: "turn-1", ...fields } });

const say = (id: string, delta: string): void => note("item/agentMessage/delta", id, { delta });

async function run(thread: Thread, { input, outputSchema }: Input): Promise<void> {
  const words = JSON.stringify(input);
  if (words.includes("@@exit")) process.exit(3);
  if (words.includes("@@half-line")) {
    process.stdout.write('{"method":"item/age', () => process.exit(1));
    return;
  }
  note("turn/started", thread.id);
  note("brand/new", thread.id);
  note("item/agentMessage/delta", "thread-of-nobody", { delta: "not for you" });
  const end = (status: string, error: object | null = null) =>
    note("turn/completed", thread.id, { turn: { id: "turn-1", status, error } });
  try {
    await stream(thread, { input, outputSchema, isFree: words.includes("@@no-json") });
    end("completed");
  } catch (error) {
    if (thread.stop.signal.aborted) end("interrupted");
    else end("failed", asTurnError(error));
  }
}

async function stream(
  { id, model, system, stop }: Thread,
  { input, outputSchema, isFree }: Pick<Input, "input" | "outputSchema"> & { isFree: boolean },
): Promise<void> {
  const content = input.map((part) =>
    part.type === "image" ? { type: "image_url", image_url: { url: part.url } } : part,
  );
  const events = askModel({
    url: String(url),
    key: env["OPENAI_API_KEY"] ?? "",
    model,
    system,
    content,
    tools: [],
    format: outputSchema && {
      type: "json_schema",
      json_schema: { name: "reply", strict: true, schema: outputSchema },
    },
    signal: stop.signal,
  });
  for await (const event of events) pass(id, event, isFree);
}

function pass(id: string, event: ModelEvent, isFree: boolean): void {
  if (event.type === "text") say(id, event.text);
  if (event.type === "thinking") note("item/reasoning/textDelta", id, { delta: event.text });
  if (event.type === "call") {
    const { name, arguments: args } = event;
    say(id, isFree ? `I would ${name}.` : `{"name":"${name}","arguments":${args}}`);
  }
  if (event.type !== "end") return;
  const reason = INCOMPLETE[event.finish];
  if (reason) throw new ModelError(null, `Incomplete response returned, reason: ${reason}`);
  const { input, cached, output, reasoning } = event.usage ?? NOTHING;
  const counts = {
    inputTokens: input,
    cachedInputTokens: cached,
    outputTokens: output,
    reasoningOutputTokens: reasoning,
    totalTokens: input + output,
  };
  note("thread/tokenUsage/updated", id, { tokenUsage: { last: counts, total: counts } });
}

const INCOMPLETE: Record<string, string> = {
  length: "max_output_tokens",
  content_filter: "content_filter",
};
const NOTHING = { input: 0, cached: 0, output: 0, reasoning: 0 };

/** As seen of Codex 0.171: a status below the kind, or the kind alone. */
function asTurnError(error: unknown): object {
  const { status, message } =
    error instanceof ModelError ? error : new ModelError(null, String(error));
  if (status === null) {
    const isLost = /fetch failed|terminated/.test(message);
    const httpConnectionFailed = { httpStatusCode: null };
    return { message, codexErrorInfo: isLost ? { httpConnectionFailed } : "other" };
  }
  const words = `unexpected status ${status} As Told: ${message}, url: ${String(url)}/responses`;
  if (/context window/.test(message))
    return { message: words, codexErrorInfo: "contextWindowExceeded" };
  if (status === 500) return { message: words, codexErrorInfo: "internalServerError" };
  const kind = status === 429 ? "responseTooManyFailedAttempts" : "httpConnectionFailed";
  return { message: words, codexErrorInfo: { [kind]: { httpStatusCode: status } } };
}

const Message = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
});

function take(line: string): void {
  const { id, method = "", params } = Message.parse(JSON.parse(line));
  if (id === undefined) return;
  const handle = HANDLERS[method];
  try {
    if (!handle) throw new Error(`unknown method ${method}`);
    const result = handle(params);
    send({ id, result });
  } catch (error) {
    send({ id, error: { code: -32600, message: String(error) } });
  }
}

if (start === "exit") {
  process.stderr.write(`error: unexpected argument 'app-server' found. ${env["OPENAI_API_KEY"]}\n`);
  process.exit(2);
}
if (start === "hang") setInterval(() => {}, 1000);
else createInterface({ input: process.stdin }).on("line", take);
