import { z } from "zod";

export const BackendType = z.enum(["openai", "compatible", "anthropic", "gemini", "simulated"]);
export type BackendType = z.infer<typeof BackendType>;

const dollars = z.number().nonnegative();

/** US dollars per million tokens. */
export const Price = z.strictObject({
  input: dollars.describe("Uncached prompt tokens."),
  cached: dollars.optional().describe("Prompt tokens read from the cache; as `input` if absent."),
  written: dollars.optional().describe("Prompt tokens written to it; as `input` if absent."),
  output: dollars.describe("Output tokens, reasoning included."),
});
export type Price = z.infer<typeof Price>;

/** The personas of the simulated backend. The provider of `outage` is down on the first question of a thread. */
export const SimulatedStyle = z.enum(["careful", "brief", "sceptical", "outage"]);
export type SimulatedStyle = z.infer<typeof SimulatedStyle>;

/** A backend in a team file. */
export const BackendConfig = z
  .strictObject({
    type: BackendType.describe(
      "openai: the Responses API; compatible: Chat Completions at any `base_url` (Ollama, vLLM, OpenRouter, Grok, …); anthropic; gemini; simulated: offline, for trying Parley out.",
    ),
    model: z.string().min(1).describe("The model's id, as its provider spells it."),
    api_key: z
      .string()
      .optional()
      .describe(
        "A key other than the one in the environment, as ${PARLEY_KEY_…} or ${NAME}, where PARLEY_TEAM_ENV lists NAME. Needed where base_url is another host than the provider's.",
      ),
    base_url: z.url().optional().describe("Where the API lives, if not at its provider's."),
    reasoning: z
      .enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"])
      .optional()
      .describe("How long the model may think; the provider's own default if absent."),
    web_search: z
      .boolean()
      .optional()
      .describe("Lets the model use its provider's web search. Default: false."),
    max_output_tokens: z
      .number()
      .int()
      .positive()
      .optional()
      .describe("Upper bound on the tokens of one reply, reasoning included."),
    context_window: z
      .number()
      .int()
      .positive()
      .optional()
      .describe("Tokens the model can read; needed where the catalogue does not know it."),
    price: Price.optional().describe(
      "US dollars per million tokens; overrides the catalogue. Without any the cost is unknown.",
    ),
    concurrency: z
      .number()
      .int()
      .positive()
      .optional()
      .describe(
        "Calls that may run at once on this account (type, base_url and key together); the rest wait in line. Default: 8; the last agent that sets it decides.",
      ),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .describe("Extra HTTP headers of each call."),
    options: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("Extra fields of the request body, sent as they stand."),
    forced_tools: z
      .boolean()
      .optional()
      .describe(
        "Whether the model takes a forced tool choice; learned as it goes where it is not known.",
      ),
    api_version: z
      .string()
      .optional()
      .describe("gemini: the version in the API's path, such as v1beta."),
    style: SimulatedStyle.optional().describe("simulated: the persona of this seat."),
  })
  .superRefine((config, context) => {
    if (config.type === "compatible" && config.base_url === undefined) {
      context.addIssue({
        code: "custom",
        path: ["base_url"],
        message: "a compatible backend needs a base_url, such as http://localhost:11434/v1",
      });
    }
  });
export type BackendConfig = z.infer<typeof BackendConfig>;
