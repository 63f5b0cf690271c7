import { z } from "zod";
import {
  anything,
  argumentsOf,
  flag,
  isObject,
  list,
  maybeCount,
  text,
} from "../reply/tolerant.ts";

const count = maybeCount.optional();
const Usage = z.looseObject({
  promptTokenCount: count,
  cachedContentTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
  toolUsePromptTokenCount: count,
});
export type Usage = z.infer<typeof Usage>;

const Call = z.looseObject({ id: text, name: text, args: anything, arguments: anything });

const Part = z
  .looseObject({
    text,
    thought: flag,
    functionCall: Call.optional().catch(undefined),
    function_call: Call.optional().catch(undefined),
  })
  .transform((part): GeminiPart => {
    const call = part.functionCall ?? part.function_call;
    const args = argumentsOf(call?.args ?? call?.arguments);
    return {
      text: part.text,
      isThought: part.thought,
      call: call ? { id: call.id, name: call.name, arguments: args || "{}" } : null,
    };
  });

interface GeminiPart {
  readonly text: string;
  readonly isThought: boolean;
  readonly call: { readonly id: string; readonly name: string; readonly arguments: string } | null;
}

const Candidate = z.looseObject({
  content: anything,
  finishReason: anything,
  finish_reason: anything,
  finishMessage: text,
});

const Body = z.looseObject({
  candidates: list(Candidate),
  promptFeedback: z
    .looseObject({ blockReason: text, blockReasonMessage: text })
    .catch({ blockReason: "", blockReasonMessage: "" }),
  usageMetadata: Usage.optional().catch(undefined),
  usage_metadata: Usage.optional().catch(undefined),
});

export interface Chunk {
  readonly parts: readonly GeminiPart[];
  /** Upper case; "" if the chunk has none. */
  readonly finish: string;
  /** Why the provider ended or blocked it, in its words or code. */
  readonly why: string;
  readonly usage: Usage | undefined;
}

const EMPTY: Chunk = { parts: [], finish: "", why: "", usage: undefined };

type Body = z.infer<typeof Body>;

/** Reads a chunk of a stream, or a whole reply. */
export function readChunk(value: unknown): Chunk {
  if (!isObject(value)) return EMPTY;
  // Google's code assistant and some gateways wrap what they pass on.
  const inner = value["candidates"] === undefined ? value["response"] : undefined;
  const body = Body.parse(isObject(inner) ? inner : value);
  return {
    parts: partsOf(body.candidates[0]?.content),
    ...endOf(body),
    usage: body.usageMetadata ?? body.usage_metadata,
  };
}

function endOf({ candidates: [candidate], promptFeedback }: Body): Pick<Chunk, "finish" | "why"> {
  const finish = finishOf(candidate?.finishReason ?? candidate?.finish_reason);
  if (finish !== "") return { finish, why: candidate?.finishMessage || finish };
  const { blockReason, blockReasonMessage } = promptFeedback;
  return blockReason === ""
    ? { finish: "", why: "" }
    : { finish: "SAFETY", why: blockReasonMessage || blockReason };
}

function partsOf(content: unknown): GeminiPart[] {
  if (typeof content === "string") return [{ text: content, isThought: false, call: null }];
  if (!isObject(content)) return [];
  const parts: unknown = content["parts"];
  const [only]: readonly unknown[] = Array.isArray(parts) && parts.length === 1 ? parts : [];
  // Most chunks hold a piece of text and nothing else, and need no schema.
  const isPlain = isObject(only) && typeof only["text"] === "string" && isOnlyText(only);
  return isPlain
    ? [{ text: String(only["text"]), isThought: false, call: null }]
    : list(Part).parse(parts);
}

const isOnlyText = (part: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(part).length === 1;

/** The numbers of the FinishReason enum that some gateways send. */
const NUMBERED = ["", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"];

function finishOf(reason: unknown): string {
  if (typeof reason === "number") return NUMBERED[reason] ?? "OTHER";
  return typeof reason === "string" ? reason.toUpperCase() : "";
}
