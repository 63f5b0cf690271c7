import type * as Api from "openai/resources/responses/responses";
import type { BackendRequest, PromptMessage, ReplyFormat, ToolSpec } from "../backend.ts";
import { retentionFields } from "../cache-life.ts";
import { forcesCall, type Terms } from "../concessions/terms.ts";
import type { BackendConfig } from "../config.ts";
import { fileContent } from "../openai-sdk/files.ts";
import { isBlank, copyData } from "../prompt-parts.ts";

export interface OpenAIBodyOptions {
  readonly model: string;
  readonly reasoning?: BackendConfig["reasoning"];
  readonly webSearch?: boolean | undefined;
  /** Tokens. */
  readonly maxOutputTokens?: number | undefined;
  /** Whether the tool choice may make the model call a tool. Default: false. */
  readonly mayForce?: boolean | undefined;
  /** Extra body fields. They override others. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

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
  terms: Terms,
): object {
  const tools = toolsOf(request.tools, options, terms);
  const instructions = request.system.join("\n\n");
  return {
    model: options.model,
    stream: terms.takes("streaming"),
    store: false,
    ...(!isBlank(instructions) && { instructions }),
    input: request.messages.flatMap(inputOf),
    ...(tools.length > 0 && {
      tools,
      tool_choice: forcesCall(request, options.mayForce, terms) ? "required" : "auto",
      // A move uses only one call.
      parallel_tool_calls: false,
    }),
    ...replyFormatOf(request.replyFormat, terms),
    ...reasoningOf(options),
    ...limitOf(request, options),
    ...(request.cacheKey !== undefined && { prompt_cache_key: request.cacheKey }),
    ...retentionFields(options.model, request.cacheLife),
    ...copyData(options.options),
  };
}

function replyFormatOf(format: ReplyFormat | undefined, terms: Terms) {
  if (!format || !terms.takes("json_object")) return {};
  return {
    text: {
      format: terms.takes("json_schema")
        ? { type: "json_schema", ...copyData(format), strict: true }
        : { type: "json_object" },
    },
  };
}

function inputOf({ role, parts }: PromptMessage): Api.EasyInputMessage[] {
  const content = parts.flatMap((part): Api.ResponseInputContent[] => {
    if (part.type === "file") return [fileInput(fileContent(part, DOCUMENTS))];
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

function toolsOf(
  specs: readonly ToolSpec[],
  { webSearch }: OpenAIBodyOptions,
  terms: Terms,
): Api.Tool[] {
  const functions = specs.map(({ name, description, schema }): Api.Tool => ({
    type: "function",
    name,
    description,
    parameters: copyData(schema),
    strict: true,
  }));
  return webSearch === true && terms.takes("web_search")
    ? [...functions, { type: "web_search" }]
    : functions;
}

/** Requests a reasoning summary, so that a model that thinks for minutes shows signs of life. */
function reasoningOf({ reasoning }: OpenAIBodyOptions) {
  return {
    reasoning: {
      ...(reasoning !== undefined && { effort: reasoning }),
      ...(reasoning !== "none" && { summary: "auto" as const }),
    },
  };
}

function limitOf(request: BackendRequest, options: OpenAIBodyOptions) {
  const bounds = [request.maxOutputTokens, options.maxOutputTokens].filter((n) => n !== undefined);
  return bounds.length > 0 ? { max_output_tokens: Math.min(...bounds) } : {};
}
