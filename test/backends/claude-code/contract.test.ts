import type { Backend } from "../../../src/backends/backend.ts";
import { useClaudeCode } from "../../support/claude-code.ts";
import { describeBackendContract } from "../contract.ts";

/** A real one, to see how it differs from the fake. */
const command = process.env["PARLEY_TEST_CLAUDE"];
const claude = useClaudeCode({ command, ends: command === undefined ? "block" : "test" });
// Cases share processes of the fake, so that what one leaves behind shows in the next.
const made = new Map<string, Backend>();

describeBackendContract("claude-code", {
  wire: "anthropic",
  keyName: "ANTHROPIC_API_KEY",
  create({ url, model, apiKey }) {
    const key = `${url} ${model} ${apiKey}`;
    const login = { type: "key", key: apiKey } as const;
    const backend = made.get(key) ?? claude.create({ model, baseUrl: url, login });
    if (command === undefined) made.set(key, backend);
    return backend;
  },
  differs: {
    tries: { not_found: 2, bad_request: 2 },
    noRetryAfter: true,
    noForce: true,
    toolPrefix: "mcp__parley__",
    oneMessage: true,
    ownMetadata: true,
    streamErrors: "incomplete",
  },
});
