import type * as Api from "openai/resources/chat/completions/completions";
import type { BackendRequest, Part, ToolSpec } from "../backend.ts";
import type { BackendConfig } from "../config.ts";
import { fileContent, type Readable } from "../openai-sdk/files.ts";
import { alternateRoles, isBlank, OPENING, type RoleBlocks } from "../prompt-parts.ts";

export interface CompatibleBodyOptions {
  readonly model: string;
  readonly reasoning?: BackendConfig["reasoning"];
  /** Tokens. */
  readonly maxOutputTokens?: number | undefined;
  /** Extra body fields, such as a provider's own web search. They override others. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** Optional parts of a request that a server may reject. */
export type CompatiblePart = "force" | "usage" | "images" | "documents";

type Content = Api.ChatCompletionContentPart;

/** The body of `POST /chat/completions`. Uses only fields that every server supports, plus those in the configuration. */
export function compatibleBody(
  request: BackendRequest,
  options: CompatibleBodyOptions,
  parts: ReadonlySet<CompatiblePart>,
): Api.ChatCompletionCreateParamsStreaming {
  const { model, reasoning } = options;
  return {
    model,
    stream: true,
    ...(parts.has("usage") && { stream_options: { include_usage: true } }),
    messages: messagesOf(request, {
      images: parts.has("images"),
      documents: parts.has("documents") ? ["application/pdf"] : [],
    }),
    ...(request.tools.length > 0 && {
      tools: request.tools.map(toolOf),
      tool_choice: parts.has("force") ? "required" : "auto",
    }),
    ...(reasoning !== undefined && { reasoning_effort: reasoning }),
    ...limitOf(request, options),
    ...options.options,
  };
}

/** The optional parts of this request. */
export function compatibleParts(request: BackendRequest, mayForce: boolean): CompatiblePart[] {
  const hasFiles = request.messages.some(({ parts }) => parts.some((part) => part.type === "file"));
  const forces = mayForce && request.toolChoice === "required" && request.tools.length > 0;
  return [
    "usage",
    ...(forces ? (["force"] as const) : []),
    ...(hasFiles ? (["images", "documents"] as const) : []),
  ];
}

/** Many chat templates require one system message first, then alternating roles that start with a user. */
function messagesOf(request: BackendRequest, readable: Readable): Api.ChatCompletionMessageParam[] {
  const turns = alternateRoles<Content>(
    request.messages,
    ({ parts }) => parts.flatMap((part) => contentOf(part, readable)),
    { type: "text", text: OPENING },
  );
  const system = request.system.join("\n\n");
  return [
    ...(isBlank(system) ? [] : [{ role: "system" as const, content: system }]),
    ...turns.map(messageOf),
  ];
}

/** Uses plain text where possible, because not every server supports content in parts. */
function messageOf({ role, blocks }: RoleBlocks<Content>): Api.ChatCompletionMessageParam {
  const texts = blocks.flatMap((block) => (block.type === "text" ? [block.text] : []));
  if (role === "assistant") return { role, content: texts.join("\n\n") };
  return { role, content: texts.length === blocks.length ? texts.join("\n\n") : [...blocks] };
}

function contentOf(part: Part, readable: Readable): Content[] {
  if (part.type === "text") return isBlank(part.text) ? [] : [part];
  const file = fileContent(part, readable);
  if (file.type === "text") return [file];
  return file.type === "image"
    ? [{ type: "image_url", image_url: { url: file.url } }]
    : [{ type: "file", file: { filename: file.name, file_data: file.url } }];
}

const toolOf = ({ name, description, schema }: ToolSpec): Api.ChatCompletionTool => ({
  type: "function",
  function: { name, description, parameters: { ...schema } },
});

function limitOf(request: BackendRequest, { maxOutputTokens, options }: CompatibleBodyOptions) {
  const bounds = [request.maxOutputTokens, maxOutputTokens].filter((n) => n !== undefined);
  // OpenAI's newer name. Servers that support both reject requests with both.
  if (bounds.length === 0 || options?.["max_completion_tokens"] !== undefined) return {};
  return { max_tokens: Math.min(...bounds) };
}
