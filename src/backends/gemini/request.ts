import {
  type Content,
  FunctionCallingConfigMode,
  type GenerateContentConfig,
  type Part as GeminiPart,
  type ThinkingConfig,
  ThinkingLevel,
  type Tool,
} from "@google/genai/web";
import type { BackendRequest, Part, ToolSpec } from "../backend.ts";
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
} from "../prompt-parts.ts";

type Reasoning = NonNullable<BackendConfig["reasoning"]>;

/** The backend options that affect the request. */
export interface GeminiRequestOptions {
  readonly model: string;
  readonly reasoning?: Reasoning | undefined;
  readonly webSearch?: boolean | undefined;
  /** Tokens. */
  readonly maxOutputTokens?: number | undefined;
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

export const geminiContents = ({ messages }: BackendRequest): Content[] =>
  alternateRoles<GeminiPart>(messages, ({ parts }) => parts.flatMap(partsOf), {
    text: OPENING,
  }).map(({ role, blocks }) => ({ role: role === "user" ? "user" : "model", parts: blocks }));

/** The request without its contents. `forced`: the model must call a function. */
export function geminiConfig(
  request: BackendRequest,
  options: GeminiRequestOptions,
  forced: boolean,
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
    ...toolsOf(request.tools, options, forced),
    ...(options.options && { httpOptions: { extraBody: { ...options.options } } }),
  };
}

function toolsOf(
  specs: readonly ToolSpec[],
  options: GeminiRequestOptions,
  forced: boolean,
): Pick<GenerateContentConfig, "tools" | "toolConfig"> {
  const searches = options.webSearch === true && !searchExcludesTools(options, specs);
  const tools: Tool[] = [
    ...(specs.length > 0 ? [{ functionDeclarations: specs.map(declare) }] : []),
    ...(searches ? [{ googleSearch: {} }] : []),
  ];
  const toolConfig = {
    // Without a mode, the API picks one that suits the tools.
    ...(forced && { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } }),
    ...(searches && specs.length > 0 && { includeServerSideToolInvocations: true }),
  };
  return {
    ...(tools.length > 0 && { tools }),
    ...(Object.keys(toolConfig).length > 0 && { toolConfig }),
  };
}

const declare = ({ name, description, schema }: ToolSpec) => ({
  name,
  description,
  parametersJsonSchema: schema,
});

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
