import { createParser } from "eventsource-parser";
import { z } from "zod";

/** What an agent's model says, piece by piece. */
export type ModelEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly text: string }
  | { readonly type: "call"; readonly name: string; readonly arguments: string }
  | { readonly type: "end"; readonly finish: string; readonly usage: ModelUsage | null };

export interface ModelUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** The model's server refused, or broke off. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly status: number | null;
  constructor(status: number | null, message: string) {
    super(message);
    this.status = status;
  }
}

export interface ModelCall {
  /** Without a path. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
  readonly system: string;
  readonly content: readonly object[];
  readonly tools: readonly object[];
  readonly format?: object | undefined;
  readonly signal: AbortSignal;
}

const Chunk = z.object({
  error: z.object({ message: z.string(), code: z.number().nullish().catch(null) }).nullish(),
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            reasoning_content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.number().catch(0),
                  function: z.object({
                    name: z.string().nullish(),
                    arguments: z.string().nullish(),
                  }),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: z.number(),
      completion_tokens: z.number(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().catch(0) }).nullish(),
      completion_tokens_details: z.object({ reasoning_tokens: z.number().catch(0) }).nullish(),
    })
    .nullish(),
});
type Chunk = z.infer<typeof Chunk>;

/** Asks a Chat Completions server, as the agents of the tests do. Throws a `ModelError`. */
export async function* askModel(call: ModelCall): AsyncGenerator<ModelEvent> {
  const response = await post(call);
  if (!response.ok) throw new ModelError(response.status, await response.text());
  const calls = new Map<number, { name: string; arguments: string }>();
  let finish = "";
  let usage: ModelUsage | null = null;
  for await (const chunk of chunksOf(response)) {
    yield* textsOf(chunk);
    gather(chunk, calls);
    finish = chunk.choices?.[0]?.finish_reason ?? finish;
    usage = usageOf(chunk) ?? usage;
  }
  if (finish === "") throw new ModelError(null, "stream disconnected before completion");
  for (const one of calls.values()) yield { type: "call", ...one };
  yield { type: "end", finish, usage };
}

async function* chunksOf(response: Response): AsyncGenerator<Chunk> {
  const chunks: Chunk[] = [];
  const parser = createParser({
    onEvent: ({ data }) => data !== "[DONE]" && chunks.push(Chunk.parse(JSON.parse(data))),
  });
  const decoder = new TextDecoder();
  for await (const bytes of bodyOf(response)) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    for (const chunk of chunks.splice(0)) {
      if (chunk.error) throw new ModelError(chunk.error.code ?? null, chunk.error.message);
      yield chunk;
    }
  }
}

async function post({ url, key, signal, ...call }: ModelCall): Promise<Response> {
  const { model, system, content, tools, format } = call;
  const body = {
    model,
    stream: true,
    messages: [
      ...(system === "" ? [] : [{ role: "system", content: system }]),
      { role: "user", content },
    ],
    ...(tools.length > 0 && { tools }),
    ...(format && { response_format: format }),
  };
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  const init = { method: "POST", headers, body: JSON.stringify(body), signal };
  try {
    return await fetch(`${url}/v1/chat/completions`, init);
  } catch {
    throw new ModelError(null, "fetch failed");
  }
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body ?? [];
  } catch {
    throw new ModelError(null, "terminated");
  }
}

function* textsOf({ choices }: Chunk): Generator<ModelEvent> {
  const { reasoning_content: thinking, content: text } = choices?.[0]?.delta ?? {};
  if (thinking) yield { type: "thinking", text: thinking };
  if (text) yield { type: "text", text };
}

function gather({ choices }: Chunk, calls: Map<number, { name: string; arguments: string }>) {
  for (const { index, function: part } of choices?.[0]?.delta?.tool_calls ?? []) {
    const call = calls.get(index) ?? { name: "", arguments: "" };
    call.name += part.name ?? "";
    call.arguments += part.arguments ?? "";
    calls.set(index, call);
  }
}

const usageOf = ({ usage }: Chunk): ModelUsage | null =>
  usage
    ? {
        input: usage.prompt_tokens,
        cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
        output: usage.completion_tokens,
        reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
      }
    : null;
