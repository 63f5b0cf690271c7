import { BlockList, isIP } from "node:net";

/** Loopback, private networks (RFC 1918, RFC 4193, RFC 6598) and link-local addresses. */
const LOCAL = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  LOCAL.addSubnet(net, prefix, "ipv4");
}
for (const [net, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
] as const) {
  LOCAL.addSubnet(net, prefix, "ipv6");
}

/** Names that only local resolvers know; one without a dot is a host of the network, such as a container. */
const LOCAL_NAME = /^[^.]+$|\.(localhost|local|lan|internal|home\.arpa)$/i;

/** Whether a URL's server is on this machine or in a private network, by its address or name; false for no URL. */
export function isLocalAddress(url: string | undefined): boolean {
  const host = url === undefined ? "" : (URL.parse(url)?.hostname ?? "").replace(/^\[|\]$/g, "");
  const family = isIP(host);
  if (family !== 0) return LOCAL.check(host, family === 6 ? "ipv6" : "ipv4");
  return host !== "" && LOCAL_NAME.test(host.replace(/\.$/, ""));
}
