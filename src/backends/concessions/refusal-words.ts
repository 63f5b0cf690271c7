import type { Feature } from "./concession.ts";

/*
 * How servers say that they do not take a part of a request, each pattern with a report that shows it:
 * Ollama (ollama/ollama#11131, #17072), OpenRouter (evalstate/fast-agent#122, zed-industries/zed#36094), vLLM (langchain4j/langchain4j#3475,
 * vllm-project/vllm#55754), llama.cpp (ggml-org/llama.cpp#10920, defilantech/LLMKube#126), Gemini (agno-agi/agno#3505, 0xPlaygrounds/rig#788),
 * Bedrock (earendil-works/pi#3739), Mistral (partITech/php-mistral#76, avante-corp/avante.nvim#2347), DeepSeek (jxxghp/MoviePilot#5863),
 * OpenAI (continuedev/continue#7129, web-infra-dev/midscene#259), Google's OpenAI endpoint (Simpleyyt/ai-manus#101).
 */

const NOT = String.raw`(?:does|do|is|are|was|were|has|have|can|could)?(?: ?not|n['’]t) (?:yet |currently )?(?:be )?(?:support\w*|enabl\w*|allow\w*|available|accept\w*|implement\w*|permitted)`;
const UNKNOWN = String.raw`(?:un(?:known|supported|expected|recogni[sz]ed)|extra|invalid)`;

const either = (...patterns: readonly string[]): RegExp => new RegExp(patterns.join("|"), "is");

/** The server lacks what tool calls need, whatever the tool choice. */
export const LACKS_TOOLS = either(
  "--enable-auto-tool-choice",
  "--tool-call-parser",
  "--jinja",
  "tools param (?:is|requires)",
);

export const REFUSED_FORCE = either(
  "forces tool use",
  "function.?calling (?:mode|config)",
  "mode .{0,3}ANY",
  "tool[ _]choice.{0,100}(?:required|any|force)",
  "(?:required|force).{0,60}tool[ _]choice",
  "tool[ _]choice",
);

/** Checked in this order, each only if the request has the part. */
export const REFUSED: readonly (readonly [Feature, RegExp])[] = [
  [
    "system",
    either(
      String.raw`(?:system|developer)(?: role| prompt| message| instruction)?s?['"\u0060]? ${NOT}`,
      String.raw`${NOT} (?:the |a )?['"\u0060]?(?:system|developer)(?: role| prompt| message| instruction)?`,
      String.raw`${UNKNOWN}[^.]{0,30}role[^.]{0,30}(?:system|developer)`,
      String.raw`role[^.]{0,30}(?:system|developer)[^.]{0,40}(?:not|invalid|unsupported|unknown)`,
      String.raw`(?:system|developer)['"\u0060] is not one of`,
      "unknown variant .(?:system|developer)",
      "instructions?['\"\u0060]? (?:is|are) not (?:supported|enabled)",
      "only user and assistant roles",
      // Templates without a system role count it as a turn.
      "roles must alternate",
    ),
  ],
  ["json_schema_tools", either("parameters_?json_?schema")],
  [
    "role_runs",
    either("roles must alternate", "consecutive (?:messages|roles)", "same role in a row"),
  ],
  [
    "json_schema",
    either(
      "json_?schema",
      "response_?format",
      "response_?(?:json_?)?schema",
      "response mime type",
      "output_(?:config|format)",
      String.raw`text\.format`,
      "structured[ _]outputs?",
      "guided|grammar",
    ),
  ],
  ["json_object", either("json_?object", "json mode", "response_?format", "response_?mime_?type")],
  [
    "web_search",
    either(
      "web_?search",
      "google_?search",
      "grounding",
      "search as (?:a )?tool",
      String.raw`search (?:tool )?${NOT}`,
    ),
  ],
  [
    "tools",
    either(
      String.raw`${NOT}[^.]{0,40}\b(?:tools?\b|function.?call)`,
      String.raw`\b(?:tools?|tool.?(?:use|calls?|calling)|functions?|function.?call(?:s|ing)?)['"\u0060]?(?: \w+){0,6}? ${NOT}`,
      "support tool use",
      String.raw`${UNKNOWN} (?:param\w{0,9}|field|argument|property|key)?:? ?['"\u0060]?tools\b`,
      String.raw`(?:"|body\W+)tools\W+\]?.{0,20}(?:extra|not permitted|forbidden|unsupported)`,
      String.raw`['"\u0060]tools['"\u0060]?[^.]{0,40}(?:unsupported|not (?:supported|allowed|permitted)|unknown)`,
      "function.?declarations?.{0,40}not",
    ),
  ],
  [
    "streaming",
    either(
      String.raw`\bstream(?:ing|ed)?\b(?: \w+){0,4} ${NOT}`,
      String.raw`${NOT}[^.]{0,30}\bstream(?:ing|ed)?\b`,
      "unsupported for streaming",
      "verified to stream",
      String.raw`['"\u0060]stream['"\u0060]`,
    ),
  ],
];

export const REFUSED_IMAGES = either(
  String.raw`${NOT}[^.]{0,40}(?:image|vision|multi-?modal|picture)`,
  String.raw`(?:image|vision|multi-?modal)(?:s|_url)?['"\u0060]?(?: (?:input|content|message|part|understanding|modalit|analysis|capabilit)\w*){0,2} (?:${NOT}|is only supported)`,
  "not (?:a )?(?:multi-?modal|vision)",
  "support image input",
  "(?:unknown variant|unsupported|invalid content type)[^.]{0,40}image_url",
  "image_url[^.]{0,30}(?:not supported|only supported|expected .?text|unsupported|unknown)",
  "mmproj",
  String.raw`content type[^.]{0,15}image`,
  String.raw`content\b[^.]{0,30}(?:must be|expected|should be)[^.]{0,15} string`,
);

export const REFUSED_DOCUMENTS = either(
  String.raw`${NOT}[^.]{0,40}\b(?:pdf|document|file)s?\b`,
  String.raw`\b(?:pdf|document|file)s?['"\u0060]?(?: (?:input|content|part|type|upload|attachment|understanding|block|message)\w*){0,2} ${NOT}`,
  "support file",
  String.raw`(?:unknown variant|${UNKNOWN})[^.]{0,40}['"\u0060](?:file|input_file|document)['"\u0060]`,
  String.raw`(?:unknown|unsupported|invalid) (?:content )?(?:part |block )?type[^.]{0,20}(?:file|document)`,
  String.raw`content type[^.]{0,15}(?:file|document)`,
  String.raw`(?:input tag|type)[^.]{0,10}['"\u0060](?:file|document|input_file)['"\u0060]`,
  String.raw`(?:mime|media)[ _]?type[^.]{0,60}application\/pdf`,
  "application/pdf[^.]{0,40}(?:unsupported|not supported|invalid)",
  "input_file|file_data",
);

/** The server names nothing; leaving out what is unusual may help. */
export const VAGUE = either(
  "invalid (?:message format|request|argument|param)",
  "contains an invalid argument",
  "provider returned error",
  "param(?:eter)? incorrect",
  "can handle the requested parameters",
  "unprocessable entity",
  "^bad request$",
);

/** Words about thinking, whose fields differ from server to server. */
export const REFUSED_REASONING = either(
  "reason(?:ing|er)",
  "thinking",
  "thought",
  "effort",
  "budget_?tokens",
);
