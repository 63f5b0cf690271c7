import { createClaudeCodeBackend } from "../../../src/backends/claude-code/claude-code.ts";
import { createCliHost } from "../../../src/backends/cli/cli-host.ts";
import { systemClock } from "../../../src/clock.ts";

// Makes a move with Claude Code as Parley does, and lives until it is killed.
const [, , command = "", dataFolder = "", baseUrl = "", log = ""] = process.argv;
const { pid, env } = process;
const backend = createClaudeCodeBackend({
  host: createCliHost({ clock: systemClock, wallClock: Date.now, dataFolder, pid }),
  command,
  baseUrl,
  model: "claude-sonnet-5-5",
  parleyEnv: env,
  env: { FAKE_CLAUDE_LOG: log },
  reasoning: undefined,
  maxOutputTokens: undefined,
  login: { type: "key", key: "sk-test-0123456789abcdef" },
});
await Array.fromAsync(
  backend.ask({
    system: ["You are one of a team."],
    messages: [{ role: "user", parts: [{ type: "text", text: "What is 6 × 7?" }] }],
    tools: [],
    toolChoice: "auto",
    signal: new AbortController().signal,
  }),
);
