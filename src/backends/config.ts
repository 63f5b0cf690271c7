import { z } from "zod";

export const BackendType = z.enum([
  "openai",
  "compatible",
  "anthropic",
  "gemini",
  "azure",
  "claude-code",
  "gemini-cli",
  "codex",
  "acp",
  "simulated",
]);
export type BackendType = z.infer<typeof BackendType>;

/** Backends that run a program on this machine. */
export const PROGRAMS: ReadonlySet<BackendType> = new Set<BackendType>([
  "claude-code",
  "gemini-cli",
  "codex",
  "acp",
]);

const dollars = z.number().nonnegative();

/** US dollars per million tokens. */
export const Price = z.strictObject({
  input: dollars.describe("Uncached prompt tokens."),
  cached: dollars
    .optional()
    .describe("Prompt tokens read from the provider's cache. Default: the price of `input`."),
  written: dollars
    .optional()
    .describe("Prompt tokens written to the provider's cache. Default: the price of `input`."),
  written_1h: dollars
    .optional()
    .describe(
      "Prompt tokens written to the provider's cache for an hour or longer. Default: the price of `written`.",
    ),
  output: dollars.describe("Output tokens, including reasoning."),
});
export type Price = z.infer<typeof Price>;

/** The personas of the simulated backend. The provider of `outage` is down on the first question of a thread. */
export const SimulatedStyle = z.enum(["careful", "brief", "sceptical", "outage"]);
export type SimulatedStyle = z.infer<typeof SimulatedStyle>;

const isProgram = (type: BackendType): boolean => PROGRAMS.has(type);
const ANY_PROGRAM = "agents that are programs on this machine";
/** Settings that other backends do not have. */
const FOR_SOME = [
  ["command", isProgram, ANY_PROGRAM],
  ["env", isProgram, ANY_PROGRAM],
  ["args", (type: BackendType) => type === "acp", "acp"],
  [
    "login",
    (type: BackendType) => type === "claude-code" || type === "codex",
    "claude-code and codex",
  ],
] as const;

/** A backend in a team file. */
export const BackendConfig = z
  .strictObject({
    type: BackendType.describe(
      "openai: OpenAI's Responses API. anthropic, gemini: those providers' APIs. compatible: Chat Completions at any `base_url` (Ollama, vLLM, OpenRouter, Grok and others). azure: a deployment of Azure OpenAI or Azure AI Foundry. claude-code: Claude Code, as it is installed on this machine. gemini-cli: Gemini CLI on this machine, with an API key. codex: Codex on this machine, with an API key or its own log-in. acp: a program on this machine that speaks the Agent Client Protocol, such as opencode or goose. simulated: no model; works offline, to try Parley out.",
    ),
    model: z
      .string()
      .min(1)
      .describe(
        "The model's ID, as its provider spells it; for azure, the name of the deployment.",
      ),
    api_key: z
      .string()
      .optional()
      .describe(
        "API key to use instead of the one in the environment: ${PARLEY_KEY_…}, or ${NAME} if PARLEY_TEAM_ENV lists NAME. Required if base_url is not the provider's host.",
      ),
    base_url: z.url().optional().describe("Address of the API, if it is not the provider's own."),
    reasoning: z
      .enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"])
      .optional()
      .describe("How much the model may reason. Default: the provider's."),
    web_search: z
      .boolean()
      .optional()
      .describe("Whether the model may use its provider's web search. Default: false."),
    max_output_tokens: z
      .number()
      .int()
      .positive()
      .optional()
      .describe("Maximum tokens of one reply, including reasoning."),
    context_window: z
      .number()
      .int()
      .positive()
      .optional()
      .describe("Tokens that the model can read. Required if Parley does not know the model."),
    price: Price.optional().describe(
      "US dollars per million tokens. Overrides the price that Parley knows. Without any price the cost is unknown.",
    ),
    concurrency: z
      .number()
      .int()
      .positive()
      .optional()
      .describe(
        "The most calls that may run at the same time on this account (same type, base_url and key) when this agent calls; others wait. Default: Parley adapts the number to what the server takes, starting at 64, or at 4 for a server on this machine or in a private network.",
      ),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .describe("Additional HTTP headers of each call."),
    options: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("Additional fields of the request body, sent unchanged."),
    forced_tools: z
      .boolean()
      .optional()
      .describe("Whether the model accepts a forced tool choice. Default: Parley finds out."),
    api_version: z
      .string()
      .optional()
      .describe(
        "For gemini: the version in the API's path, such as v1beta. For azure: a dated api-version, such as 2024-10-21, calls the deployment's own path; default: the v1 API, which needs none.",
      ),
    command: z
      .string()
      .min(1)
      .optional()
      .describe(
        "For agents that are programs on this machine: the program's name in PATH, or its place. PARLEY_COMMANDS must list it. Default: gemini for gemini-cli, codex for codex; those it need not list.",
      ),
    login: z
      .enum(["key", "own"])
      .optional()
      .describe(
        "For claude-code and codex: key uses the API key, own the program's log-in on this machine. Default: key if there is one.",
      ),
    args: z.array(z.string()).optional().describe("For acp: the arguments of `command`."),
    env: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/), z.string())
      .optional()
      .describe(
        "For agents that are programs on this machine: variables of the program's environment, which has nothing of Parley's own but PATH, the language and proxies. Values may be ${PARLEY_KEY_…}.",
      ),
    style: SimulatedStyle.optional().describe("For simulated: the persona of this agent."),
  })
  .superRefine((config, context) => {
    if (config.type === "compatible" && config.base_url === undefined) {
      context.addIssue({
        code: "custom",
        path: ["base_url"],
        message: "a compatible backend needs a base_url, such as http://localhost:11434/v1",
      });
    }
    if (config.type === "acp" && config.command === undefined) {
      context.addIssue({
        code: "custom",
        path: ["command"],
        message: 'an acp backend needs a command, such as "opencode", with args: [acp]',
      });
    }
    for (const [key, isFor, whom] of FOR_SOME) {
      if (isFor(config.type) || config[key] === undefined) continue;
      const message = `${key} is for ${whom}, not for ${config.type}`;
      context.addIssue({ code: "custom", path: [key], message });
    }
  });
export type BackendConfig = z.infer<typeof BackendConfig>;
