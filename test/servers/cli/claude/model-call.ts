import { z } from "zod";

/** One reply of the model, as far as it came. */
export interface Reply {
  readonly id: string;
  /** Whole blocks. */
  readonly content: Record<string, unknown>[];
  stop: string | null;
  usage: Record<string, unknown>;
  /** The connection broke, or the API reported an error in the stream. */
  isBroken: boolean;
}

/** The API refused, or cannot be reached. */
export interface Refusal {
  readonly status: number | null;
  readonly type: string;
  readonly words: string;
}

export type Emit = (event: Record<string, unknown>) => void;

const Event = z.looseObject({
  type: z.string(),
  index: z.number().optional(),
  message: z.looseObject({ id: z.string(), usage: z.looseObject({}).optional() }).optional(),
  content_block: z.looseObject({ type: z.string() }).optional(),
  delta: z
    .looseObject({
      text: z.string().optional(),
      thinking: z.string().optional(),
      partial_json: z.string().optional(),
      stop_reason: z.string().nullish(),
    })
    .optional(),
  usage: z.looseObject({}).optional(),
});
type Event = z.infer<typeof Event>;

const Failure = z.object({ error: z.object({ type: z.string(), message: z.string() }) });

const isTriedAgain = async (response: Response): Promise<boolean> =>
  [400, 404].includes(response.status) && !(await response.clone().text()).includes("too long");

/** Asks the API as Claude Code does: it tries most 400s and 404s once more. Rejects when it is aborted. */
export async function askModel(ask: () => Promise<Response>, emit: Emit): Promise<Reply | Refusal> {
  try {
    const first = await ask();
    const response = (await isTriedAgain(first)) ? await ask() : first;
    return response.ok ? await read(response, emit) : await refusal(response);
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return {
      status: null,
      type: "connection_failed",
      words: `Unable to connect: ${String(cause)}`,
    };
  }
}

async function refusal(response: Response): Promise<Refusal> {
  const body = await response.text();
  const told = Failure.safeParse(parsed(body)).data?.error;
  const words = `API Error: ${response.status} ${told?.message ?? body}`;
  return { status: response.status, type: told?.type ?? "", words };
}

async function read(response: Response, emit: Emit): Promise<Reply | Refusal> {
  const reply: Reply = { id: "", content: [], stop: null, usage: {}, isBroken: false };
  const state: Reading = { reply, id: "", args: "", error: null };
  try {
    for await (const frame of framesOf(response)) take(frame, state, emit);
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    return { status: null, type: "connection_failed", words: "Connection to the API was lost" };
  }
  if (state.error && reply.content.length === 0) return state.error;
  if (reply.stop === null && state.id === "") {
    return { status: null, type: "", words: "The API sent an empty or malformed response" };
  }
  return { ...reply, id: state.id, isBroken: reply.stop === null };
}

async function* framesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    const frames = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = frames.pop() ?? "";
    yield* frames;
  }
}

interface Reading {
  readonly reply: Reply;
  id: string;
  args: string;
  error: Refusal | null;
}

function take(frame: string, state: Reading, emit: Emit): void {
  const data = /^data: (.*)$/m.exec(frame)?.[1];
  const event = Event.safeParse(parsed(data ?? "")).data;
  if (event?.type === "error") state.error = streamError(data);
  if (!event || event.type === "error") return;
  emit(event);
  if (event.message) {
    state.id = event.message.id;
    state.reply.usage = { ...event.message.usage };
  }
  takeBlock(event, state);
  Object.assign(state.reply.usage, event.usage);
  state.reply.stop = event.delta?.stop_reason ?? state.reply.stop;
}

const STATUS: Readonly<Record<string, number>> = { overloaded_error: 529, rate_limit_error: 429 };

function streamError(data = ""): Refusal {
  const told = Failure.safeParse(parsed(data)).data?.error;
  const type = told?.type ?? "";
  return { status: STATUS[type] ?? 500, type, words: `API Error: ${told?.message ?? ""}` };
}

function takeBlock({ type, content_block: block, delta }: Event, state: Reading): void {
  const { content } = state.reply;
  if (block) content.push({ ...block });
  const last = content.at(-1);
  if (!last) return;
  for (const part of ["text", "thinking"] as const) {
    if (delta?.[part] !== undefined) last[part] = `${String(last[part])}${delta[part]}`;
  }
  state.args += delta?.partial_json ?? "";
  if (type === "content_block_stop") endBlock(last, state);
}

function endBlock(block: Record<string, unknown>, state: Reading): void {
  if (block["type"] === "tool_use") block["input"] = parsed(state.args) ?? {};
  state.args = "";
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
