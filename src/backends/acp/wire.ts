import { z } from "zod";

/** The Agent Client Protocol, version 1, as far as Parley uses it: https://agentclientprotocol.com/protocol/schema */

export const PROTOCOL = 1;

const flag = z
  .unknown()
  .default(false)
  .transform((value) => value !== null && value !== false);

/** The result of `initialize`. Agents advertise optional methods with an empty object. */
export const Initialized = z.object({
  protocolVersion: z.number(),
  agentCapabilities: z
    .object({
      promptCapabilities: z.object({ image: flag }).catch({ image: false }),
      mcpCapabilities: z.object({ http: flag }).catch({ http: false }),
      sessionCapabilities: z
        .object({ close: flag, systemPrompt: flag, setTitle: flag })
        .catch({ close: false, systemPrompt: false, setTitle: false }),
    })
    .catch({
      promptCapabilities: { image: false },
      mcpCapabilities: { http: false },
      sessionCapabilities: { close: false, systemPrompt: false, setTitle: false },
    }),
});
export type Capabilities = z.infer<typeof Initialized>["agentCapabilities"];

/** The result of `session/new`. */
export const NewSession = z.object({
  sessionId: z.string(),
  modes: z
    .object({
      currentModeId: z.string(),
      availableModes: z.array(z.object({ id: z.string() })),
    })
    .nullish()
    .catch(null),
});

const Content = z.object({ type: z.string().catch(""), text: z.string().catch("") });

export type NewSession = z.infer<typeof NewSession>;

/** The parameters of the notification `session/update`. Unknown updates are signs of life. */
export const Update = z.object({
  sessionId: z.string(),
  update: z.object({
    sessionUpdate: z.string(),
    content: z.unknown().optional(),
    toolCallId: z.string().optional().catch(undefined),
    title: z.string().optional().catch(undefined),
  }),
});
export type SessionUpdate = z.infer<typeof Update>["update"];

/** The text of a chunk; "" for content of another type. */
export const chunkText = ({ content }: SessionUpdate): string => {
  const { type, text } = Content.catch({ type: "", text: "" }).parse(content);
  return type === "text" ? text : "";
};

/** The parameters of the request `session/request_permission`. */
export const PermissionRequest = z.object({
  toolCall: z
    .object({
      toolCallId: z.string().optional().catch(undefined),
      title: z.string().nullish().catch(null),
    })
    .catch({ toolCallId: undefined, title: null }),
  options: z.array(z.object({ optionId: z.string(), kind: z.string().catch("") })).catch([]),
});

const tokens = z.number().nonnegative().nullish().catch(null);

/** The result of `session/prompt`. `usage` is what most agents report; `_meta.quota` is Gemini CLI's. */
export const Prompted = z.object({
  stopReason: z.string(),
  usage: z
    .object({
      inputTokens: tokens,
      outputTokens: tokens,
      cachedReadTokens: tokens,
      cachedWriteTokens: tokens,
      thoughtTokens: tokens,
      totalTokens: tokens,
    })
    .nullish()
    .catch(null),
  _meta: z
    .object({
      quota: z
        .object({
          token_count: z.object({ input_tokens: tokens, output_tokens: tokens }),
        })
        .nullish()
        .catch(null),
      jetbrains: z
        .object({
          air: z.object({
            sessionFailure: z.object({
              title: z.string().catch(""),
              category: z.string().catch(""),
            }),
          }),
        })
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
});
export type Prompted = z.infer<typeof Prompted>;
