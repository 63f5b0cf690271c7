import type { Backend } from "../../src/backends/backend.ts";
import { createClaudeCodeBackend } from "../../src/backends/claude-code/claude-code.ts";
import type { CliHost } from "../../src/backends/cli/cli-host.ts";
import { createCodexBackend } from "../../src/backends/codex/codex.ts";
import { createGeminiCliBackend } from "../../src/backends/gemini-cli/gemini-cli.ts";
import type { Reply } from "../servers/model-wire.ts";

/** A CLI of npm, in the version that Parley was tried with. */
export interface RealProgram {
  readonly key: "claude" | "codex" | "gemini";
  readonly name: string;
  /** Of npm: its name and version. */
  readonly spec: string;
  /** What a model writes so that the program votes. */
  readonly vote: (args: string) => Reply;
  /** How it ends an answer that its model cut, where it does not tell. */
  readonly cut?: "stop";
  /** `url`: a model server, without a path. */
  readonly create: (command: string, host: CliHost, url: string) => Backend;
}

const KEY = "sk-test-0123456789abcdef";
const call =
  (name: string) =>
  (args: string): Reply => ({ calls: [{ name, arguments: args }] });

export const REAL_PROGRAMS: readonly RealProgram[] = [
  {
    key: "claude",
    name: "Claude Code",
    spec: "@anthropic-ai/claude-code@2.1.332",
    vote: call("mcp__parley__vote"),
    create: (command, host, baseUrl) =>
      createClaudeCodeBackend({
        host,
        command,
        baseUrl,
        model: "claude-sonnet-5-5",
        parleyEnv: process.env,
        env: {},
        reasoning: undefined,
        maxOutputTokens: undefined,
        login: { type: "key", key: KEY },
      }),
  },
  {
    key: "codex",
    name: "Codex",
    spec: "@openai/codex@0.171.0",
    vote: (args) => ({ text: `{"name":"vote","arguments":${args}}` }),
    create: (command, host, url) =>
      createCodexBackend({
        host,
        command,
        baseUrl: `${url}/v1`,
        model: "gpt-5.5",
        apiKey: KEY,
        env: process.env,
        ownEnv: {},
      }),
  },
  {
    key: "gemini",
    name: "Gemini CLI",
    spec: "@google/gemini-cli@0.61.0",
    vote: call("mcp_parley_vote"),
    cut: "stop",
    create: (command, host, baseUrl) =>
      createGeminiCliBackend({
        host,
        command,
        baseUrl,
        model: "gemini-3.8-flash",
        apiKey: KEY,
        env: process.env,
        ownEnv: {},
      }),
  },
];
