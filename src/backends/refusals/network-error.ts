import type { FailureReason } from "../../coordination/failure-reason.ts";
import type { FailureClass } from "../../coordination/turn-event.ts";

/** Why no reply came. */
export interface NetworkError {
  readonly failure: FailureClass;
  readonly reason?: FailureReason | undefined;
  readonly passing?: false | undefined;
  /** In plain words; undefined if the code is unknown. */
  readonly says?: string | undefined;
  /** The error's own words. */
  readonly words: string;
}

type Meaning = Omit<NetworkError, "words">;

const CERTIFICATE: Meaning = {
  failure: "network",
  reason: "tls",
  passing: false,
  says: "its certificate is not trusted; NODE_EXTRA_CA_CERTS names the file of another authority",
};

/** By the code of Node or undici, or by their words where there is none. */
const MEANINGS: readonly (readonly [RegExp, Meaning])[] = [
  [
    /proxy (response|authentication)|\bproxy\b.{0,40}\b407\b/i,
    { failure: "network", reason: "proxy", passing: false, says: "the proxy refused it" },
  ],
  [/CERT|LEAF_SIGNATURE|SELF_SIGNED|self[- ]signed|ERR_TLS_CERT/, CERTIFICATE],
  [
    /EPROTO|WRONG_VERSION_NUMBER|ERR_SSL|wrong version number|packet length too long/,
    {
      failure: "network",
      reason: "tls",
      passing: false,
      says: "it does not speak TLS; should the address start with http://?",
    },
  ],
  [/ENOTFOUND/, { failure: "network", reason: "dns", says: "its host name is unknown" }],
  [
    /EAI_AGAIN/,
    { failure: "network", reason: "dns", says: "its host name could not be looked up" },
  ],
  [/ECONNREFUSED/, { failure: "network", reason: "unreachable", says: "nothing listens there" }],
  [
    /EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN/,
    { failure: "network", reason: "unreachable", says: "there is no way to it" },
  ],
  [/ETIMEDOUT|TIMEOUT|timed? ?out/i, { failure: "timeout", says: "it did not answer in time" }],
  [
    /ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|other side closed|socket hang up|terminated/,
    { failure: "network", says: "it was cut" },
  ],
  [/HPE_|HTTPParserError|Parse Error/, { failure: "network", says: "it does not speak HTTP" }],
  [
    /bad port|ERR_INVALID_URL|Invalid URL|Failed to parse URL/i,
    {
      failure: "network",
      reason: "address",
      says: "the address cannot be used; check base_url",
    },
  ],
];

/** Reads the chain of causes of a failed call, outermost first. */
export function readNetworkError(causes: readonly Error[]): NetworkError {
  const signs = causes.flatMap((cause) => [
    ...("code" in cause ? [String(cause.code)] : []),
    cause.name,
    cause.message,
  ]);
  const innermost = causes.at(-1);
  const code = innermost && "code" in innermost ? String(innermost.code) : undefined;
  const words = innermost?.message || code || innermost?.name || "no reason given";
  const text = signs.join("\n");
  const found = MEANINGS.find(([sign]) => sign.test(text))?.[1];
  return { ...(found ?? { failure: "network" }), words };
}
