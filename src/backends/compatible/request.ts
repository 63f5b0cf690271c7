import type * as Api from "openai/resources/chat/completions/completions";
import type { BackendRequest, Part, ReplyFormat, ToolSpec } from "../backend.ts";
import { cacheMark, isClaude, keepsLikeOpenAI, retentionFields } from "../cache-life.ts";
import { forcesCall, type Terms } from "../concessions/terms.ts";
import type { BackendConfig } from "../config.ts";
import { fileContent } from "../openai-sdk/files.ts";
import { alternateRoles, isBlank, OPENING, type RoleBlocks, copyData } from "../prompt-parts.ts";

export interface CompatibleBodyOptions {
  readonly model: string;
  readonly reasoning?: BackendConfig["reasoning"];
  /** Tokens. */
  readonly maxOutputTokens?: number | undefined;
  /** Whether the tool choice may make the model call a tool. Default: false. */
  readonly mayForce?: boolean | undefined;
  /** The billing provider's id in the price catalogue. Default: unknown. */
  readonly provider?: string | null | undefined;
  /** Extra body fields, such as a provider's own web search. They override others. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

type Content = Api.ChatCompletionContentPart;

const DOCUMENTS = ["application/pdf"];

/** The body of `POST /chat/completions`. Uses only fields that every server supports, plus those in the configuration. */
export function compatibleBody(
  request: BackendRequest,
  options: CompatibleBodyOptions,
  terms: Terms,
): object {
  const { model, reasoning } = options;
  const streams = terms.takes("streaming");
  return {
    model,
    stream: streams,
    ...(streams && { stream_options: { include_usage: true } }),
    messages: messagesOf(request, isClaude(model)),
    ...(request.tools.length > 0 && {
      tools: request.tools.map(toolOf),
      tool_choice: forcesCall(request, options.mayForce, terms) ? "required" : "auto",
    }),
    ...replyFormatOf(request.replyFormat, terms),
    ...(reasoning !== undefined && { reasoning_effort: reasoning }),
    ...limitOf(request, options, terms),
    ...(keepsLikeOpenAI(options.provider) && retentionFields(model, request.cacheLife)),
    ...copyData(options.options),
  };
}

function replyFormatOf(format: ReplyFormat | undefined, terms: Terms) {
  if (!format || !terms.takes("json_object")) return {};
  const json_schema = format && { ...copyData(format), strict: true };
  return {
    response_format: terms.takes("json_schema")
      ? { type: "json_schema", json_schema }
      : { type: "json_object" },
  };
}

/** Many chat templates require one system message first, then alternating roles that start with a user. */
function messagesOf(
  request: BackendRequest,
  marksCache: boolean,
): Api.ChatCompletionMessageParam[] {
  const mark = marksCache ? cacheMark(request.cacheLife) : null;
  const turns = alternateRoles<Content>(
    request.messages,
    ({ parts, cache }) => {
      const blocks = parts.flatMap(contentOf);
      return cache === true && mark ? marked(blocks, mark) : blocks;
    },
    { type: "text", text: OPENING },
  );
  const system = request.system.join("\n\n");
  const head = mark ? marked([{ type: "text" as const, text: system }], mark) : system;
  return [
    ...(isBlank(system) ? [] : [{ role: "system" as const, content: head }]),
    ...turns.map(messageOf),
  ];
}

const marked = <C extends Content>(blocks: readonly C[], mark: ReturnType<typeof cacheMark>): C[] =>
  blocks.map((block, at) => (at === blocks.length - 1 ? { ...block, ...mark } : block));

/** Uses plain text where possible, because not every server supports content in parts. */
function messageOf({ role, blocks }: RoleBlocks<Content>): Api.ChatCompletionMessageParam {
  const texts = blocks.filter((block) => block.type === "text");
  const text = texts.map((block) => block.text).join("\n\n");
  const isMarked = blocks.some((block) => "cache_control" in block);
  if (role === "assistant") return { role, content: isMarked ? texts : text };
  return { role, content: texts.length === blocks.length && !isMarked ? text : [...blocks] };
}

function contentOf(part: Part): Content[] {
  if (part.type === "text") return isBlank(part.text) ? [] : [part];
  const file = fileContent(part, DOCUMENTS);
  if (file.type === "text") return [file];
  return file.type === "image"
    ? [{ type: "image_url", image_url: { url: file.url } }]
    : [{ type: "file", file: { filename: file.name, file_data: file.url } }];
}

const toolOf = ({ name, description, schema }: ToolSpec): Api.ChatCompletionTool => ({
  type: "function",
  function: { name, description, parameters: copyData(schema) },
});

function limitOf(
  request: BackendRequest,
  { maxOutputTokens, options }: CompatibleBodyOptions,
  terms: Terms,
) {
  const bounds = [request.maxOutputTokens, maxOutputTokens].filter((n) => n !== undefined);
  const configured = options?.["max_completion_tokens"] !== undefined;
  // OpenAI's newer name. Servers that support both reject requests with both.
  const refused = terms.fields.includes("max_completion_tokens");
  if (bounds.length === 0 || (configured && !refused)) return {};
  const limit = Math.min(...bounds);
  return terms.takes("max_tokens") || refused
    ? { max_tokens: limit }
    : { max_completion_tokens: limit };
}
