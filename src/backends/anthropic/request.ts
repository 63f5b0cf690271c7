import type * as Api from "@anthropic-ai/sdk/resources/messages/messages";
import { claudeVersion, type Reasoning, thinkingOf } from "./thinking.ts";
import type { BackendRequest, Part, PromptMessage, ReplyFormat, ToolSpec } from "../backend.ts";
import { cacheMark } from "../cache-life.ts";
import { forcesCall, type Terms } from "../concessions/terms.ts";
import {
  alternateRoles,
  base64Of,
  type FilePart,
  fileNote,
  isBlank,
  isTextFile,
  mediaTypeOf,
  nameOf,
  OPENING,
  textOf,
  copyData,
} from "../prompt-parts.ts";

/** A block of a user's message. */
export type Block = Api.TextBlockParam | Api.ImageBlockParam | Api.DocumentBlockParam;

/** The backend options that affect the body. */
export interface AnthropicBodyOptions {
  readonly model: string;
  readonly reasoning?: Reasoning | undefined;
  readonly webSearch?: boolean | undefined;
  /** Tokens. */
  readonly maxOutputTokens?: number | undefined;
  /** Whether the tool choice may make the model call a tool. Default: false. */
  readonly mayForce?: boolean | undefined;
  /** Extra body fields. They override others. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** `max_tokens` is mandatory. This allows for thinking and a long answer. */
const DEFAULT_MAX_TOKENS = 16_384;
/** The maximum number of web searches per call; each is billed. */
const MAX_SEARCHES = 3;
/** The API takes four breakpoints; one is on the system prompt. */
const MESSAGE_MARKS = 3;
/** Bytes of base64, "image exceeds 5 MB maximum". */
const MAX_IMAGE = 5 * 1024 * 1024;
const IMAGE_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const;

/** The body of `POST /v1/messages`. */
export function anthropicBody(
  request: BackendRequest,
  options: AnthropicBodyOptions,
  terms: Terms,
): Readonly<Record<string, unknown>> {
  const bounds = [request.maxOutputTokens, options.maxOutputTokens].filter((n) => n !== undefined);
  const maxTokens = bounds.length > 0 ? Math.min(...bounds) : DEFAULT_MAX_TOKENS;
  const mark = cacheMark(request.cacheLife);
  const system = systemOf(request.system, mark);
  const tools = toolsOf(request.tools, options, terms);
  const forces = forcesCall(request, options.mayForce, terms);
  const body = {
    model: options.model,
    max_tokens: maxTokens,
    ...(system.length > 0 && { system }),
    messages: messagesOf(request.messages, mark),
    ...(tools.length > 0 && {
      tools,
      tool_choice: choiceOf(forces, options),
    }),
    ...thinkingOf(options.model, options.reasoning, maxTokens),
  } satisfies Api.MessageCreateParamsBase;
  const format = replyFormatOf(request.replyFormat, terms);
  return {
    ...copyData(body),
    ...(format && { output_config: { ...body.output_config, format } }),
    ...copyData(options.options),
    stream: terms.takes("streaming"),
  };
}

/** There is no JSON mode without a schema. */
const replyFormatOf = (format: ReplyFormat | undefined, terms: Terms) =>
  format && terms.takes("json_schema")
    ? { type: "json_schema", schema: copyData(format.schema) }
    : undefined;

/** One block per section; the mark on the last one caches the tools too, which come before it. */
type Mark = ReturnType<typeof cacheMark>;

function systemOf(sections: readonly string[], mark: Mark): Api.TextBlockParam[] {
  const blocks = sections
    .filter((text) => !isBlank(text))
    .map((text): Api.TextBlockParam => ({ type: "text", text }));
  return marked(blocks, mark);
}

function messagesOf(messages: readonly PromptMessage[], mark: Mark): Api.MessageParam[] {
  const marks = new Set(messages.filter((m) => m.cache === true).slice(-MESSAGE_MARKS));
  const turns = alternateRoles<Block>(
    messages,
    (message) => {
      const blocks = message.parts.flatMap(blocksOf);
      return marks.has(message) ? marked(blocks, mark) : blocks;
    },
    { type: "text", text: OPENING },
  );
  return turns.map(({ role, blocks }) => ({ role, content: blocks }));
}

const marked = <B extends Block>(blocks: readonly B[], mark: Mark): B[] =>
  blocks.map((block, at) => (at === blocks.length - 1 ? { ...block, ...mark } : block));

/** A part in Anthropic's blocks; none for blank text. */
export function blocksOf(part: Part): Block[] {
  if (part.type === "file") return [fileBlock(part)];
  return isBlank(part.text) ? [] : [{ type: "text", text: part.text }];
}

function fileBlock(file: FilePart): Block {
  const mediaType = mediaTypeOf(file);
  const image = IMAGE_TYPES.find((type) => type === mediaType);
  if (image) return imageBlock(file, image);
  if (mediaType === "application/pdf") {
    const source = { type: "base64", media_type: mediaType, data: base64Of(file) } as const;
    return { type: "document", title: nameOf(file), source };
  }
  const text = isTextFile(file) ? textOf(file) : null;
  if (text === null) return noted(file, "this model cannot read it");
  if (isBlank(text)) return noted(file, "it is empty");
  const source = { type: "text", media_type: "text/plain", data: text } as const;
  return { type: "document", title: nameOf(file), source };
}

function imageBlock(file: FilePart, type: (typeof IMAGE_TYPES)[number]): Block {
  const data = base64Of(file);
  if (data.length > MAX_IMAGE) return noted(file, "larger than the 5 MB that this model takes");
  return { type: "image", source: { type: "base64", media_type: type, data } };
}

const noted = (file: FilePart, why: string): Block => ({ type: "text", text: fileNote(file, why) });

function toolsOf(
  specs: readonly ToolSpec[],
  { webSearch, model }: AnthropicBodyOptions,
  terms: Terms,
): Api.ToolUnion[] {
  const functions = specs.map(({ name, description, schema }): Api.Tool => ({
    name,
    description,
    input_schema: { ...schema, type: "object" },
    // Otherwise a long argument arrives all at once, after a silence that looks like a stall.
    eager_input_streaming: true,
  }));
  return webSearch === true && terms.takes("web_search")
    ? [...functions, searchTool(model)]
    : functions;
}

/** The current search tool filters results with code, which models before 4.6 do not support. */
function searchTool(model: string): Api.ToolUnion {
  const common = { name: "web_search", max_uses: MAX_SEARCHES } as const;
  return (claudeVersion(model) ?? 5) >= 4.6
    ? { ...common, type: "web_search_20260318" }
    : { ...common, type: "web_search_20250305" };
}

const choiceOf = (forced: boolean, { webSearch }: AnthropicBodyOptions): Api.ToolChoice => ({
  type: forced ? "any" : "auto",
  // A move uses only one call, but a search also counts as one.
  ...(webSearch !== true && { disable_parallel_tool_use: true }),
});
