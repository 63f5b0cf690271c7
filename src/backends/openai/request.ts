import type * as Api from "openai/resources/responses/responses";
import type { BackendRequest, PromptMessage, ToolSpec } from "../backend.ts";
import type { BackendConfig } from "../config.ts";
import { fileContent, type Readable } from "../openai-sdk/files.ts";
import { isBlank } from "../prompt-parts.ts";

export interface OpenAIBodyOptions {
  readonly model: string;
  readonly reasoning?: BackendConfig["reasoning"];
  readonly webSearch?: boolean | undefined;
  /** Tokens. */
  readonly maxOutputTokens?: number | undefined;
  /** Extra body fields. They override others. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** Optional parts of a request that a model may reject. */
export type OpenAIPart = "force" | "summary" | "images" | "documents";

const OFFICE = "application/vnd.openxmlformats-officedocument";

/** https://developers.openai.com/api/docs/guides/file-inputs */
const DOCUMENTS = [
  "application/pdf",
  `${OFFICE}.wordprocessingml.document`,
  `${OFFICE}.presentationml.presentation`,
  `${OFFICE}.spreadsheetml.sheet`,
  "application/vnd.ms-excel",
];

/** The body of `POST /responses`. Cached fields come in order of stability: instructions, tools, input. */
export function openAIBody(
  request: BackendRequest,
  options: OpenAIBodyOptions,
  parts: ReadonlySet<OpenAIPart>,
): Api.ResponseCreateParamsStreaming {
  const tools = toolsOf(request.tools, options);
  const readable = {
    images: parts.has("images"),
    documents: parts.has("documents") ? DOCUMENTS : [],
  };
  return {
    model: options.model,
    stream: true,
    store: false,
    instructions: request.system.join("\n\n"),
    input: request.messages.flatMap((message) => inputOf(message, readable)),
    ...(tools.length > 0 && {
      tools,
      tool_choice: parts.has("force") ? "required" : "auto",
      // A move uses only one call.
      parallel_tool_calls: false,
    }),
    ...reasoningOf(options, parts.has("summary")),
    ...limitOf(request, options),
    ...(request.cacheKey !== undefined && { prompt_cache_key: request.cacheKey }),
    ...options.options,
  };
}

/** The optional parts of this request. */
export const openAIParts = (
  request: BackendRequest,
  { reasoning }: OpenAIBodyOptions,
  mayForce: boolean,
): OpenAIPart[] => {
  const hasFiles = request.messages.some(({ parts }) => parts.some((part) => part.type === "file"));
  return [
    ...(mayForce && request.toolChoice === "required" && request.tools.length > 0
      ? ["force" as const]
      : []),
    ...(reasoning === "none" ? [] : ["summary" as const]),
    ...(hasFiles ? (["images", "documents"] as const) : []),
  ];
};

function inputOf({ role, parts }: PromptMessage, readable: Readable): Api.EasyInputMessage[] {
  const content = parts.flatMap((part): Api.ResponseInputContent[] => {
    if (part.type === "file") return [fileInput(fileContent(part, readable))];
    return isBlank(part.text) ? [] : [{ type: "input_text", text: part.text }];
  });
  if (content.length === 0) return [];
  // Assistant messages use other part types than user messages; plain text works for both.
  return [{ role, content: role === "user" ? content : textOnly(content) }];
}

const textOnly = (content: readonly Api.ResponseInputContent[]): string =>
  content.flatMap((part) => (part.type === "input_text" ? [part.text] : [])).join("\n\n");

function fileInput(file: ReturnType<typeof fileContent>): Api.ResponseInputContent {
  if (file.type === "text") return { type: "input_text", text: file.text };
  return file.type === "image"
    ? { type: "input_image", detail: "auto", image_url: file.url }
    : { type: "input_file", filename: file.name, file_data: file.url };
}

function toolsOf(specs: readonly ToolSpec[], { webSearch }: OpenAIBodyOptions): Api.Tool[] {
  const functions = specs.map(({ name, description, schema }): Api.Tool => ({
    type: "function",
    name,
    description,
    parameters: { ...schema },
    strict: true,
  }));
  return webSearch === true ? [...functions, { type: "web_search" }] : functions;
}

/** Requests a reasoning summary, so that a model that thinks for minutes shows signs of life. */
function reasoningOf({ reasoning }: OpenAIBodyOptions, summary: boolean) {
  if (reasoning === undefined && !summary) return {};
  return {
    reasoning: {
      ...(reasoning !== undefined && { effort: reasoning }),
      ...(summary && { summary: "auto" as const }),
    },
  };
}

function limitOf(request: BackendRequest, options: OpenAIBodyOptions) {
  const bounds = [request.maxOutputTokens, options.maxOutputTokens].filter((n) => n !== undefined);
  return bounds.length > 0 ? { max_output_tokens: Math.min(...bounds) } : {};
}
