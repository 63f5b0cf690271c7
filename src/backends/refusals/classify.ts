import type { FailureClass } from "../../coordination/turn-event.ts";
import { WEB_PAGE } from "./error-body.ts";
import { type Classified, RULES, type Told } from "./rules.ts";
import type { ProviderReply } from "./uniform-error.ts";

/** Classifies a reply: by what its codes and words say, then by its status. */
export function classify(reply: ProviderReply): Classified {
  const told: Told = {
    status: reply.status,
    codes: reply.codes.join("\n"),
    // Addresses of consoles say "billing" in messages about rate limits.
    words: reply.words.slice(0, LONGEST_WORDS).replace(/https?:\/\/\S+/g, ""),
    isPage: reply.codes.includes(WEB_PAGE),
  };
  const found = RULES.find(({ holds }) => holds(told));
  return found?.means ?? byStatus(told);
}

const LONGEST_WORDS = 4000;

const BY_STATUS: Readonly<Record<number, Classified>> = {
  401: { failure: "auth", reason: "key" },
  402: { failure: "rate_limit", reason: "credit", passing: false },
  403: { failure: "auth", reason: "permission" },
  404: { failure: "bad_request", reason: "model" },
  405: { failure: "bad_request", reason: "address" },
  408: { failure: "timeout" },
  409: { failure: "overloaded" },
  410: { failure: "bad_request", reason: "model" },
  413: { failure: "context" },
  421: { failure: "network" },
  423: { failure: "overloaded" },
  424: { failure: "overloaded" },
  425: { failure: "overloaded" },
  429: { failure: "rate_limit" },
  451: { failure: "bad_request", reason: "region" },
  // Groq: the flex tier is at capacity (https://console.groq.com/docs/errors).
  498: { failure: "overloaded" },
  // A gateway gave up on the provider.
  499: { failure: "network" },
  501: { failure: "bad_request" },
  504: { failure: "timeout" },
  511: { failure: "network", reason: "proxy", passing: false },
  // Cloudflare in front of the provider (https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors).
  522: { failure: "timeout" },
  524: { failure: "timeout" },
  525: { failure: "network", reason: "tls", passing: false },
  526: { failure: "network", reason: "tls", passing: false },
  598: { failure: "timeout" },
  599: { failure: "timeout" },
};

/** Errors in a stream have no status; their codes and words may still name a class. */
const IN_STREAM: readonly (readonly [RegExp, FailureClass])[] = [
  [/timed? ?out|deadline/i, "timeout"],
  [
    /invalid_request|invalid_argument|bad_?request|not_found|unprocessable|validation/i,
    "bad_request",
  ],
  [/permission|forbidden/i, "auth"],
  [/image/i, "bad_request"],
];

function byStatus({ status, codes, words }: Told): Classified {
  if (status !== undefined) {
    return BY_STATUS[status] ?? { failure: status >= 500 ? "overloaded" : "bad_request" };
  }
  const [, failure = "overloaded"] =
    IN_STREAM.find(([form]) => form.test(codes)) ??
    IN_STREAM.slice(0, 1).find(([form]) => form.test(words)) ??
    [];
  return { failure };
}
