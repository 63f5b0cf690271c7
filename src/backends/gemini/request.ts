import {
  type Content,
  FunctionCallingConfigMode,
  type FunctionDeclaration,
  type GenerateContentConfig,
  type Part as GeminiPart,
  type Schema,
  type ThinkingConfig,
  ThinkingLevel,
  type Tool,
  Type,
} from "@google/genai/web";
import { z } from "zod";
import type { BackendRequest, Part, ReplyFormat, ToolSpec } from "../backend.ts";
import { forcesCall, type Terms } from "../concessions/terms.ts";
import type { BackendConfig } from "../config.ts";
import {
  alternateRoles,
  base64Of,
  fencedFile,
  type FilePart,
  fileNote,
  isBlank,
  isTextFile,
  mediaTypeOf,
  OPENING,
  copyData,
} from "../prompt-parts.ts";

type Reasoning = NonNullable<BackendConfig["reasoning"]>;

/** The backend options that affect the request. */
export interface GeminiRequestOptions {
  readonly model: string;
  readonly reasoning?: Reasoning | undefined;
  readonly webSearch?: boolean | undefined;
  /** Tokens. */
  readonly maxOutputTokens?: number | undefined;
  /** Whether the tool choice may make the model call a function. Default: false. */
  readonly mayForce?: boolean | undefined;
  /** Extra body fields, merged into the request. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** The maximum size of a file in bytes. A request may have 20 MB, including base64. */
const MAX_FILE = 14 * 1024 * 1024;
const READABLE =
  /^(image\/(png|jpeg|webp|heic|heif)|application\/pdf|audio\/(wav|mp3|mpeg|aiff|aac|ogg|flac)|video\/(mp4|mpeg|quicktime|webm))$/;

const LEVEL = {
  none: ThinkingLevel.MINIMAL,
  minimal: ThinkingLevel.MINIMAL,
  low: ThinkingLevel.LOW,
  medium: ThinkingLevel.MEDIUM,
  high: ThinkingLevel.HIGH,
  xhigh: ThinkingLevel.HIGH,
  max: ThinkingLevel.HIGH,
} as const satisfies Record<Reasoning, ThinkingLevel>;

/** Token budgets for Gemini 2.5, from Google's table for OpenAI's `reasoning_effort` (ai.google.dev/gemini-api/docs/openai). */
const BUDGET = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
} as const satisfies Record<Reasoning, number>;

/** 3 for `gemini-3.8-flash`, 3 for an alias without a version (`gemini-flash-latest`); null for other models. */
export function geminiVersion(model: string): number | null {
  const [name, version] = /gemini(?:-(\d+(?:\.\d+)?))?/.exec(model) ?? [];
  return name === undefined ? null : Number(version ?? 3);
}

/** Before Gemini 3, a request can have functions or Google's search, but not both ("Tool use with function calling is unsupported"). */
export const searchExcludesTools = (
  { model, webSearch }: GeminiRequestOptions,
  tools: readonly ToolSpec[],
): boolean => webSearch === true && tools.length > 0 && (geminiVersion(model) ?? 3) < 3;

/** What one request consists of, besides the model. */
export interface GeminiBody {
  readonly contents: Content[];
  readonly config: GenerateContentConfig;
}

export const geminiBody = (
  request: BackendRequest,
  options: GeminiRequestOptions,
  terms: Terms,
): GeminiBody => ({
  contents: contentsOf(request),
  config: configOf(request, options, terms),
});

const contentsOf = ({ messages }: BackendRequest): Content[] =>
  alternateRoles<GeminiPart>(messages, ({ parts }) => parts.flatMap(partsOf), {
    text: OPENING,
  }).map(({ role, blocks }) => ({ role: role === "user" ? "user" : "model", parts: blocks }));

function configOf(
  request: BackendRequest,
  options: GeminiRequestOptions,
  terms: Terms,
): GenerateContentConfig {
  const bounds = [request.maxOutputTokens, options.maxOutputTokens].filter((n) => n !== undefined);
  const system = request.system.filter((text) => !isBlank(text)).map((text) => ({ text }));
  const thinkingConfig = thinkingOf(options);
  return {
    // Going on after a checkpoint is a second call, which is not the SDK's to decide.
    automaticContinuation: false,
    ...(system.length > 0 && { systemInstruction: { parts: system } }),
    ...(bounds.length > 0 && { maxOutputTokens: Math.min(...bounds) }),
    ...(thinkingConfig && { thinkingConfig }),
    ...toolsOf(request, options, terms),
    ...replyFormatOf(request.replyFormat, terms),
    ...(options.options && { httpOptions: { extraBody: copyData(options.options) } }),
  };
}

function replyFormatOf(
  format: ReplyFormat | undefined,
  terms: Terms,
): Pick<GenerateContentConfig, "responseMimeType" | "responseJsonSchema"> {
  if (!format || !terms.takes("json_object")) return {};
  return {
    responseMimeType: "application/json",
    ...(terms.takes("json_schema") && { responseJsonSchema: copyData(format.schema) }),
  };
}

function toolsOf(
  request: BackendRequest,
  options: GeminiRequestOptions,
  terms: Terms,
): Pick<GenerateContentConfig, "tools" | "toolConfig"> {
  const { tools: specs } = request;
  const searches =
    options.webSearch === true && terms.takes("web_search") && !searchExcludesTools(options, specs);
  const forces = forcesCall(request, options.mayForce, terms);
  const tools: Tool[] = [
    ...(specs.length > 0
      ? [{ functionDeclarations: specs.map((spec) => declare(spec, terms)) }]
      : []),
    ...(searches ? [{ googleSearch: {} }] : []),
  ];
  const toolConfig = {
    // Without a mode, the API picks one that suits the tools.
    ...(forces && { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } }),
    ...(searches && specs.length > 0 && { includeServerSideToolInvocations: true }),
  };
  return {
    ...(tools.length > 0 && { tools }),
    ...(Object.keys(toolConfig).length > 0 && { toolConfig }),
  };
}

function declare({ name, description, schema }: ToolSpec, terms: Terms): FunctionDeclaration {
  return terms.takes("json_schema_tools")
    ? { name, description, parametersJsonSchema: copyData(schema) }
    : { name, description, parameters: asGeminiSchema(schema) };
}

const JsonSchema = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
});

/** Gemini's own schema format: a part of OpenAPI's, with its own names of types. */
function asGeminiSchema(schema: unknown): Schema {
  const {
    type,
    description,
    enum: values,
    required,
    properties,
    items,
  } = JsonSchema.catch({}).parse(schema);
  const known = Object.values(Type).find((one) => one === type?.toUpperCase());
  const inner = Object.entries(properties ?? {}).map(([name, one]): readonly [string, Schema] => [
    name,
    asGeminiSchema(one),
  ]);
  return {
    ...(known && { type: known }),
    ...(description !== undefined && { description }),
    ...(values && { enum: values }),
    ...(required && { required }),
    ...(properties && { properties: Object.fromEntries(inner) }),
    ...(items !== undefined && { items: asGeminiSchema(items) }),
  };
}

/** Requests thoughts from models that support them, so that a thinking model does not look stalled. */
function thinkingOf({ model, reasoning }: GeminiRequestOptions): ThinkingConfig | null {
  const version = geminiVersion(model);
  if (reasoning === undefined) {
    return version !== null && version >= 2.5 ? { includeThoughts: true } : null;
  }
  if (version !== null && version < 3) {
    return { includeThoughts: true, thinkingBudget: BUDGET[reasoning] };
  }
  const level = LEVEL[reasoning];
  // Pro models do not support such a low level.
  const tooLow = level === ThinkingLevel.MINIMAL && /pro/.test(model);
  return { includeThoughts: true, thinkingLevel: tooLow ? ThinkingLevel.LOW : level };
}

function partsOf(part: Part): GeminiPart[] {
  if (part.type === "file") return [filePart(part)];
  return isBlank(part.text) ? [] : [{ text: part.text }];
}

function filePart(file: FilePart): GeminiPart {
  const mimeType = mediaTypeOf(file);
  if (file.data.length > MAX_FILE) return { text: fileNote(file, "larger than 14 MB") };
  if (READABLE.test(mimeType)) return { inlineData: { mimeType, data: base64Of(file) } };
  if (!isTextFile(file)) return { text: fileNote(file, "this model cannot read it") };
  return { text: fencedFile(file) };
}
