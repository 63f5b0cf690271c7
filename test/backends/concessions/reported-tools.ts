import { hasField, hasToolChoice, hasTools, isForced } from "./offences.ts";
import { CHAT, OPENAI, type Refusal } from "./refusal.ts";

const noTools = (words: string, fields: Partial<Refusal> = {}): Refusal => ({
  what: "no tools",
  words,
  offends: hasTools,
  ...fields,
});

/** Tools, their choice and their fields. */
export const TOOL_REFUSALS: readonly Refusal[] = [
  // ollama/ollama#14795, #11131
  noTools("registry.ollama.ai/library/deepseek-r1:14b does not support tools", {
    on: CHAT,
    body: '{"error":{"message":"registry.ollama.ai/library/gemma3:4b does not support tools","type":"api_error","param":null,"code":null}}',
  }),
  noTools("Qwen3.5:0.8b does not support tools", {
    on: CHAT,
    body: '{"error":"registry.ollama.ai/library/Qwen3.5:0.8b does not support tools"}',
  }),
  // evalstate/fast-agent#122
  noTools("No endpoints found that support tool use", {
    status: 404,
    body: '{"error":{"message":"No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing","code":404}}',
  }),
  // Kilo-Org/kilocode#9006
  noTools('No endpoints found that support tool use. Try disabling "question".', { status: 404 }),
  // musistudio/claude-code-router#583
  noTools("Error from provider(404): No endpoints found that support tool use", {
    status: 404,
    body: '{"error":{"message":"Error from provider(404): {\\"error\\":{\\"message\\":\\"No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing\\",\\"code\\":404}}","type":"api_error","code":"provider_response_error"}}',
  }),
  // langchain4j/langchain4j#3475
  noTools('"auto" tool choice requires --enable-auto-tool-choice', {
    on: OPENAI,
    body: '{"object":"error","message":"\\"auto\\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set","type":"BadRequestError","param":null,"code":400}',
  }),
  // ggml-org/llama.cpp#10920, defilantech/LLMKube#126
  noTools("tools param requires --jinja flag", {
    on: OPENAI,
    status: 500,
    body: '{"error":{"code":500,"message":"tools param requires --jinja flag","type":"server_error"}}',
  }),
  noTools("Unsupported param: tools", {
    on: OPENAI,
    status: 500,
    body: '{"code":500,"message":"Unsupported param: tools","type":"server_error"}',
  }),
  // agno-agi/agno#3505
  noTools("Function calling is not enabled for models/gemma-3-12b-it"),
  // earendil-works/pi#3739
  noTools("This model doesn't support tool use in streaming mode."),
  // JetBrains/koog#1211
  noTools("Model us.meta.llama3-3-70b-instruct-v1:0 does not support tools"),
  // partITech/php-mistral#76
  noTools("Extra inputs are not permitted: tools", {
    on: CHAT,
    status: 422,
    body: '{"object":"Error","detail":[{"type":"extra_forbidden","loc":["body","tools"],"msg":"Extra inputs are not permitted","input":[]}],"message":[{"type":"extra_forbidden","loc":["body","tools"],"msg":"Extra inputs are not permitted","input":[]}],"type":"invalid_request_error","code":3001}',
  }),
  noTools("Function calling is not enabled for this model", { on: OPENAI }),
  noTools("tool calling is not supported with this model", { on: OPENAI }),
  noTools("'tools' is not supported with this model."),

  // zed-industries/zed#36094
  {
    what: "no forced call",
    words: "No endpoints found that support the provided 'tool_choice' value.",
    status: 404,
    offends: isForced,
  },
  {
    what: "no forced call",
    words: "tool_choice forces tool use is not compatible with this model",
    offends: isForced,
  },
  {
    what: "no forced call",
    words: "Thinking may not be enabled when tool_choice forces tool use.",
    offends: isForced,
  },
  // google-gemini/deprecated-generative-ai-js#241
  {
    what: "no forced call",
    words: "Function calling mode `ANY` is not enabled for api version v1beta",
    offends: isForced,
  },
  // kyaukyuai/gpt-all-star#670
  {
    what: "no forced call",
    words: "Input should be 'auto', 'none' or 'any'",
    on: CHAT,
    status: 422,
    body: '{"object":"error","message":{"detail":[{"type":"enum","loc":["body","tool_choice"],"msg":"Input should be \'auto\', \'none\' or \'any\'","input":"required"}]},"type":"invalid_request_error","param":null,"code":null}',
    offends: isForced,
  },
  {
    what: "no tool_choice",
    words: "deepseek-reasoner does not support this tool_choice",
    on: ["openai", "compatible", "anthropic"],
    offends: hasToolChoice,
  },
  {
    what: "no field of tools",
    words: "Unknown parameter: 'parallel_tool_calls'.",
    on: ["openai"],
    offends: hasField("parallel_tool_calls"),
  },
  {
    what: "no field of tools",
    words: "disable_parallel_tool_use: Extra inputs are not permitted",
    on: ["anthropic"],
    offends: hasField("disable_parallel_tool_use"),
  },
  {
    what: "no field of tools",
    words: "Unrecognized request argument supplied: strict",
    on: ["openai"],
    offends: hasField("strict"),
  },
  // anthropics/claude-code#33180, anomalyco/opencode#23767
  {
    what: "no field of tools",
    words: "tools.0.custom.eager_input_streaming: Extra inputs are not permitted",
    on: ["anthropic"],
    offends: hasField("eager_input_streaming"),
  },
  // mem0ai/mem0#1820, google/adk-python#1277
  {
    what: "no field of tools",
    words:
      "Invalid JSON payload received. Unknown name \"additionalProperties\" at 'tools[0].function_declarations[0].parameters': Cannot find field.",
    offends: hasField("additionalProperties"),
  },
  {
    what: "no field of tools",
    words:
      "Invalid JSON payload received. Unknown name \"parametersJsonSchema\" at 'tools[0].function_declarations[0]': Cannot find field.",
    on: ["gemini"],
    offends: hasField("parametersJsonSchema"),
  },
];
