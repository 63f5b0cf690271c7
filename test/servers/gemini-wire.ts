import { child, frame, pieces } from "./model-wire.ts";
import type { ErrorKind, FailureContext, Reply, Wire } from "./model-wire.ts";

/** https://ai.google.dev/gemini-api/docs/troubleshooting */
const failures: Record<ErrorKind, { code: number; status: string; message: string }> = {
  rate_limit: {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: "Resource has been exhausted (e.g. check quota).",
  },
  quota: {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: "You exceeded your current quota, please check your plan and billing details.",
  },
  overloaded: {
    code: 503,
    status: "UNAVAILABLE",
    message: "The model is overloaded. Please try again later.",
  },
  server: { code: 500, status: "INTERNAL", message: "An internal error has occurred." },
  auth: {
    code: 400,
    status: "INVALID_ARGUMENT",
    message: "API key not valid. Please pass a valid API key. ({key})",
  },
  forbidden: {
    code: 403,
    status: "PERMISSION_DENIED",
    message: "{key} does not have permission to access this model.",
  },
  not_found: {
    code: 404,
    status: "NOT_FOUND",
    message: "models/no-such-model is not found for API version v1",
  },
  context: {
    code: 400,
    status: "INVALID_ARGUMENT",
    message:
      "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
  },
  bad_request: {
    code: 400,
    status: "INVALID_ARGUMENT",
    message: 'Invalid JSON payload received. Unknown name "x"',
  },
  forced_tools: {
    code: 400,
    status: "INVALID_ARGUMENT",
    message: "Function calling mode ANY (tool_config) is not supported for this model.",
  },
};

// Only the name of the quota tells what is over in a minute from what is over tomorrow.
const QUOTAS: Partial<Record<ErrorKind, string>> = {
  rate_limit: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
  quota: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
};

function body(kind: ErrorKind, { key, retryAfter }: FailureContext) {
  const { code, status, message } = failures[kind];
  const type = "type.googleapis.com/google.rpc.";
  const quotaId = QUOTAS[kind];
  const details = [
    ...(quotaId === undefined
      ? []
      : [{ "@type": `${type}QuotaFailure`, violations: [{ quotaId, quotaValue: "250" }] }]),
    ...(kind === "auth" ? [{ "@type": `${type}ErrorInfo`, reason: "API_KEY_INVALID" }] : []),
    ...(retryAfter === undefined
      ? []
      : [{ "@type": `${type}RetryInfo`, retryDelay: `${retryAfter}s` }]),
  ];
  return { error: { code, message: message.replace("{key}", key), status, details } };
}

const usageMetadata = ({ usage }: Reply) =>
  usage && {
    promptTokenCount: usage.input,
    cachedContentTokenCount: usage.cached,
    candidatesTokenCount: usage.output - usage.reasoning,
    thoughtsTokenCount: usage.reasoning,
    totalTokenCount: usage.input + usage.output,
  };

const chunk = (reply: Reply, candidate: Record<string, unknown>): string =>
  frame({
    candidates: [{ index: 0, ...candidate }],
    usageMetadata: usageMetadata(reply),
    modelVersion: "m",
    responseId: "r1",
  });

const part = (reply: Reply, fields: Record<string, unknown>): string =>
  chunk(reply, { content: { role: "model", parts: [fields] } });

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

// Arguments are objects on this wire: a call that the model wrote badly never arrives, only a finish reason.
const isMalformed = ({ calls }: Reply): boolean =>
  (calls ?? []).some((call) => !isJson(call.arguments));

const finishReason = (reply: Reply): string => {
  if (isMalformed(reply)) return "MALFORMED_FUNCTION_CALL";
  if (reply.finish === "length") return "MAX_TOKENS";
  return reply.finish === "refusal" ? "SAFETY" : "STOP";
};

/** Gemini's generateContentStream, in v1 and v1beta. */
export const geminiWire: Wire = {
  path: /\/v1(?:beta)?\/models\/[^/]+:(?:streamG|g)enerateContent/,
  content: (reply) => [
    ...pieces(reply.thinking ?? "").map((text) => part(reply, { text, thought: true })),
    ...pieces(reply.text ?? "").map((text) => part(reply, { text })),
    ...(reply.calls ?? [])
      .filter((call) => isJson(call.arguments))
      .map(({ name, arguments: args }) =>
        part(reply, { functionCall: { name, args: JSON.parse(args) as unknown } }),
      ),
  ],
  finish: (reply) => [
    chunk(reply, { content: { role: "model", parts: [] }, finishReason: finishReason(reply) }),
  ],
  errorFrame: (kind) => frame(body(kind, { key: "", retryAfter: undefined })),
  keepAlive: ": a gateway's sign of life\n\n",
  failure: (kind, context) => ({ status: failures[kind].code, body: body(kind, context) }),
  see(request) {
    const config = child(request.body, "generationConfig");
    const calling = child(child(request.body, "toolConfig"), "functionCallingConfig");
    const limit = config["maxOutputTokens"];
    return {
      model: /models\/([^:]+):/.exec(request.path)?.[1] ?? "",
      forced: calling["mode"] === "ANY",
      maxOutputTokens: typeof limit === "number" ? limit : undefined,
    };
  },
};
