import type { Mapping } from "./read-config.ts";

/** Reports a setting without a counterpart, and why. */
export type Note = (text: string) => void;

const NO_TOOLS = "Parley's agents answer in a chat and have no tools, files or shell of their own";
const NO_SAMPLING = "current models refuse it; if yours takes it, put it under options";
const TEXT_ONLY = "agents write text, and read pictures, sound and video only as attachments";
const SCORED = "reviewers give 0–10 to every answer instead of passing one or not";
const OWN_RETRIES = "Parley retries by limits.move_retries, within limits.move_timeout";

/** Why a key of an agent or its backend has no counterpart. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(temperature|top_p|top_k)$/, NO_SAMPLING],
  [/^(cwd|mcp_servers|custom_tools|enable_code_interpreter|enable_code_execution)$/, NO_TOOLS],
  [/^enable_(image|audio|video|file)_|^enable_multimodal|multimodal|^upload_files$/, TEXT_ONLY],
  [
    /^(enable_mcp|mcp_|command_line_|exclude_|allowed_|disallowed_|direct_mcp|shared_tools|auto_discover|enable_code_based|enable_programmatic|enable_(strict_)?tool|tool_|tools$|concurrent_tool|permission_mode|max_thinking_tokens|code_execution|enable_bash|docker|skills|use_skills|enable_nlip|nlip)/,
    NO_TOOLS,
  ],
  [/^subtask$/, "every agent works on the whole question"],
  [/^(voting_|vote_)/, SCORED],
  [/^subagent_agents$/, "an agent is one model; list the others as agents"],
  [/^(max_retries|inference_timeout|timeout|retry)/, OWN_RETRIES],
  [/^(max_rounds|max_turns)$/, "limits.rounds bounds the whole team"],
  [
    /^(stream|store|n|parallel_tool_calls|tool_choice|response_format|truncation|include)$/,
    "Parley decides it for each request",
  ],
  [/^betas$/, "Parley sends no beta headers; if you need one, put it under headers"],
  [/^(provider|provider_name|name|description)$/, "only people read it"],
  [/^debug_/, "it serves tests of MassGen"],
];

/** Why a key is lost. */
export const reasonFor = (key: string): string =>
  REASONS.find(([pattern]) => pattern.test(key))?.[1] ?? "Parley has nothing like it";

/** Names of tools in a text, as MassGen's prompts write them. */
const TOOL_WORDS =
  /\b(new_answer|vote tool|mcp__\w+|check_broadcast_status|ask_others|submit_checklist|execute_command|read_file|write_file|create_file|list_directory|save_file_content|generate_and_store\w*|text_to_\w+|understand_(?:image|audio|video|file)\w*|code[_ ]interpreter|code execution|web[_ ]search|file ?system|workspace|terminal|shell commands?)\b/gi;
const TOOL_CALL =
  /\b(?:use|call|invoke|using|calling) (?:the |your |a )?[`"']?([a-z]+[_-][\w-]*)[`"']? tools?\b/gi;

/** The tools that instructions speak of, although the agent has none of them in Parley. `kept`: those that it has. */
export function lostTools(
  instructions: string,
  backend: Mapping,
  kept: ReadonlySet<string>,
): readonly string[] {
  const names = [
    ...[...instructions.matchAll(TOOL_WORDS)].map(([, word = ""]) => word.toLowerCase()),
    ...[...instructions.matchAll(TOOL_CALL)].map(([, word = ""]) => word),
    ...toolNames(backend).filter((name) => instructions.includes(name)),
  ];
  return [...new Set(names)].filter((name) => !kept.has(name.replace(/[ _]/g, " ")));
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The names of functions and servers that an agent had. */
function toolNames({ custom_tools, mcp_servers }: Mapping): readonly string[] {
  const fields = [...listOf(custom_tools), ...listOf(mcp_servers)].flatMap((tool) =>
    typeof tool === "object" && tool !== null
      ? [Reflect.get(tool, "name"), Reflect.get(tool, "function"), Reflect.get(tool, "preset_args")]
      : [],
  );
  return fields
    .flat()
    .filter((name): name is string => typeof name === "string" && name.length > 3);
}
