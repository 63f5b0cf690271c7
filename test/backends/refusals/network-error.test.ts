import { expect, test } from "vitest";
import { lostConnection } from "../../../src/backends/provider-failure.ts";

const target = {
  name: "Models",
  model: "m",
  baseUrl: "https://models.example/v1",
  keyVariables: undefined,
  secrets: [],
};

/** What fetch throws: the code is that of the cause. */
const failing = (code: string, message: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });

test.each([
  [
    "ENOTFOUND",
    "getaddrinfo ENOTFOUND models.example",
    "network",
    "dns",
    "its host name is unknown",
  ],
  ["EAI_AGAIN", "getaddrinfo EAI_AGAIN models.example", "network", "dns", "could not be looked up"],
  [
    "ECONNREFUSED",
    "connect ECONNREFUSED 10.0.0.7:443",
    "network",
    "unreachable",
    "nothing listens there",
  ],
  [
    "EHOSTUNREACH",
    "connect EHOSTUNREACH 10.0.0.7:443",
    "network",
    "unreachable",
    "there is no way to it",
  ],
  ["ECONNRESET", "read ECONNRESET", "network", undefined, "it was cut"],
  ["UND_ERR_SOCKET", "other side closed", "network", undefined, "it was cut"],
  [
    "UND_ERR_CONNECT_TIMEOUT",
    "Connect Timeout Error",
    "timeout",
    undefined,
    "did not answer in time",
  ],
  [
    "UND_ERR_HEADERS_TIMEOUT",
    "Headers Timeout Error",
    "timeout",
    undefined,
    "did not answer in time",
  ],
  ["ETIMEDOUT", "connect ETIMEDOUT 10.0.0.7:443", "timeout", undefined, "did not answer in time"],
  [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "unable to verify the first certificate",
    "network",
    "tls",
    "its certificate is not trusted",
  ],
  [
    "SELF_SIGNED_CERT_IN_CHAIN",
    "self-signed certificate in certificate chain",
    "network",
    "tls",
    "its certificate is not trusted",
  ],
  [
    "CERT_HAS_EXPIRED",
    "certificate has expired",
    "network",
    "tls",
    "its certificate is not trusted",
  ],
  [
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "wrong version number",
    "network",
    "tls",
    "it does not speak TLS",
  ],
  [
    "UND_ERR_ABORTED",
    "Proxy response (407) !== 200 when HTTP Tunneling",
    "network",
    "proxy",
    "the proxy refused it",
  ],
  [
    "HPE_INVALID_CONSTANT",
    "Expected HTTP/, RTSP/ or ICE/",
    "network",
    undefined,
    "it does not speak HTTP",
  ],
] as const)("%s (%s) is said in words", (...[code, message, failure, reason, says]) => {
  const thrown = lostConnection(failing(code, message), target);
  expect({ failure: thrown.failure, reason: thrown.reason }).toEqual({ failure, reason });
  expect(thrown.message).toContain(
    "The connection to Models at https://models.example/v1 failed: ",
  );
  expect(thrown.message).toContain(says);
  expect(thrown.passing).toBe(reason === "tls" || reason === "proxy" ? false : undefined);
});
