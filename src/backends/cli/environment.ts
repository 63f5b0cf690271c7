import type { Env } from "../keys.ts";

/** What a CLI may see of Parley's own environment: where programs are, languages, and how to reach the network. */
const PASSED = [
  "PATH",
  "LANG",
  "LC_ALL",
  "TZ",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "SystemRoot",
];

/** The environment of a CLI: built, never copied, so that no secret of Parley reaches it. `home`: its private folder. `own`: its variables. */
export function environmentOf(
  env: Env,
  home: string,
  own: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const passed = PASSED.flatMap((name) => [name, name.toLowerCase()]).map((name) => [
    name,
    env[name],
  ]);
  const all = [
    ...passed,
    ["HOME", home],
    ["TMPDIR", home],
    ["NO_COLOR", "1"],
    ...Object.entries(own),
  ];
  return Object.fromEntries(all.filter(([, value]) => value !== undefined && value !== ""));
}
