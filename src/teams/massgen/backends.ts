import type { BackendType } from "../../backends/config.ts";
import { CURRENT_SEATS } from "../current-models.ts";
import { isOpenAI } from "./key-variables.ts";

/** The conversion of a MassGen backend type. */
export type Counterpart =
  | {
      readonly type: BackendType;
      /** For `compatible`, and for addresses other than the provider's. */
      readonly baseUrl?: string;
      /** MassGen's key variable, if Parley's backend does not read it itself. */
      readonly key?: string;
      /** The default if the file names no model. */
      readonly model?: string;
      readonly note?: string;
    }
  | { readonly type: null; readonly why: string };

const { openai, anthropic, gemini } = CURRENT_SEATS;

const compatible = (baseUrl: string, key?: string): Counterpart => ({
  type: "compatible",
  baseUrl,
  ...(key === undefined ? {} : { key }),
});

/** A program that MassGen runs, too. */
const program = (type: BackendType, model: string, name: string): Counterpart => ({
  type,
  model,
  note: `${name} runs as it is installed here, without files and shell`,
});

const none = (why: string): Counterpart => ({ type: null, why });

/** MassGen's backend types (v0.0.4 to v0.1.97), with their addresses and key variables. */
const MASSGEN_BACKENDS: Readonly<Record<string, Counterpart>> = {
  openai: { type: "openai", model: openai.backend.model },
  claude: { type: "anthropic", model: anthropic.backend.model },
  gemini: { type: "gemini", model: gemini.backend.model },
  grok: compatible("https://api.x.ai/v1", "XAI_API_KEY"),
  // Its address and key come from AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY, unless the file has its own.
  azure_openai: { type: "azure", note: "the model must be the name of the Azure deployment" },
  lmstudio: compatible("http://localhost:1234/v1"),
  vllm: compatible("http://localhost:8000/v1"),
  sglang: compatible("http://localhost:30000/v1"),
  inference: compatible("http://localhost:8000/v1"),
  zai: compatible("https://api.z.ai/api/paas/v4", "ZAI_API_KEY"),
  cerebras: compatible("https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
  together: compatible("https://api.together.xyz/v1", "TOGETHER_API_KEY"),
  fireworks: compatible("https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
  groq: compatible("https://api.groq.com/openai/v1", "GROQ_API_KEY"),
  openrouter: compatible("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
  moonshot: compatible("https://api.moonshot.cn/v1", "MOONSHOT_API_KEY"),
  nebius: compatible("https://api.studio.nebius.ai/v1", "NEBIUS_API_KEY"),
  poe: compatible("https://api.poe.com/v1", "POE_API_KEY"),
  qwen: compatible("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "QWEN_API_KEY"),
  claude_code: program("claude-code", anthropic.backend.model, "Claude Code"),
  codex: program("codex", openai.backend.model, "Codex"),
  gemini_cli: program("gemini-cli", gemini.backend.model, "Gemini CLI"),
  copilot: none("Copilot has no API that Parley could ask"),
  antigravity_cli: none("Antigravity has no API that Parley could ask"),
  uitars: none("UI-TARS drives a computer; Parley's agents answer in a chat"),
  ag2: none("it wraps a framework with agents of its own; list those agents instead"),
};

const BY_MODEL: readonly (readonly [RegExp, string])[] = [
  [/^(gpt|o\d|chatgpt)/i, "openai"],
  [/^claude/i, "claude"],
  [/^gemini/i, "gemini"],
  [/^grok/i, "grok"],
];

/** Chat Completions at any address; OpenAI's by default. */
const chatCompletion = (baseUrl: string | undefined): Counterpart =>
  baseUrl === undefined || isOpenAI(baseUrl)
    ? { type: "openai", model: openai.backend.model }
    : compatible(baseUrl);

/** Converts a MassGen backend. Without a type, infers it from the model's name, as MassGen does. */
export function counterpartOf(
  type: string,
  model: string,
  baseUrl: string | undefined,
): Counterpart {
  const name = type || BY_MODEL.find(([pattern]) => pattern.test(model))?.[1];
  if (name === undefined) return none("it names no type, and the model's name does not tell it");
  if (name === "chatcompletion") return chatCompletion(baseUrl);
  return MASSGEN_BACKENDS[name] ?? none(`Parley does not know the type ${name}`);
}
