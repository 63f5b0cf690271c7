import { describe, expect, it } from "vitest";
import { BackendConfig } from "../../src/backends/config.ts";
import { missingKey, resolveBaseUrl, resolveKey } from "../../src/backends/keys.ts";

const gemini: BackendConfig = { type: "gemini", model: "gemini-3.8-flash" };

describe("a backend's configuration", () => {
  it("a backend's configuration refuses unknown keys", () => {
    const result = BackendConfig.safeParse({ ...gemini, temperature: 1 });
    expect(result.error?.issues[0]).toMatchObject({ code: "unrecognized_keys" });
  });

  it("a backend's configuration requires a base_url for a compatible backend", () => {
    const result = BackendConfig.safeParse({ type: "compatible", model: "llama4" });
    expect(result.error?.issues[0]).toMatchObject({
      path: ["base_url"],
      message: "a compatible backend needs a base_url, such as http://localhost:11434/v1",
    });
  });
});

describe("a backend that is a program", () => {
  const acp = { type: "acp", model: "some", command: "goose" };

  it("needs a command, and may have arguments and variables", () => {
    expect(BackendConfig.safeParse({ ...acp, args: ["acp"], env: { KEY: "x" } }).success).toBe(
      true,
    );
    const { error } = BackendConfig.safeParse({ ...acp, command: undefined });
    expect(error?.issues[0]).toMatchObject({ path: ["command"] });
    expect(BackendConfig.safeParse({ ...acp, env: { "A B": "x" } }).success).toBe(false);
  });

  it("may be Claude Code with a key or its own log-in", () => {
    const claude = { type: "claude-code", model: "sonnet" };
    expect(BackendConfig.safeParse({ ...claude, login: "own" }).success).toBe(true);
    const { error } = BackendConfig.safeParse({ ...claude, args: ["--yolo"] });
    expect(error?.issues[0]?.message).toBe("args is for acp, not for claude-code");
  });

  it("is the only one with a command", () => {
    const { error } = BackendConfig.safeParse({ ...gemini, command: "gemini" });
    expect(error?.issues[0]?.message).toBe(
      "command is for agents that are programs on this machine, not for gemini",
    );
  });
});

describe("a key", () => {
  it("a key comes from the configuration before the environment", () => {
    const env = { GEMINI_API_KEY: "from-env" };
    expect(resolveKey({ ...gemini, api_key: "own" }, env)).toBe("own");
    expect(resolveKey(gemini, env)).toBe("from-env");
  });

  it("a key is the first variable that is not empty", () => {
    expect(resolveKey(gemini, { GEMINI_API_KEY: " ", GOOGLE_API_KEY: "second\n" })).toBe("second");
  });

  it("a missing key is reported with the variables to set", () => {
    expect(missingKey(gemini, {})).toBe("set GEMINI_API_KEY or GOOGLE_API_KEY, or api_key here");
    expect(missingKey({ ...gemini, type: "openai" }, {})).toBe(
      "set OPENAI_API_KEY, or api_key here",
    );
    expect(missingKey(gemini, { GOOGLE_API_KEY: "k" })).toBeNull();
  });

  const env = {
    OPENAI_API_KEY: "o",
    ANTHROPIC_API_KEY: "a",
    GEMINI_API_KEY: "g",
    OPENAI_BASE_URL: "https://gateway.example:8443/openai",
  };
  const keyAt = (type: "openai" | "anthropic" | "gemini", base_url: string) =>
    resolveKey({ type, model: "m", base_url }, env) ?? null;

  it.each([
    ["openai", "https://api.openai.com/v1", "o"],
    ["openai", "https://eu.api.openai.com/v1", "o"],
    ["openai", "https://API.openai.com:443/v1", "o"],
    ["openai", "https://gateway.example:8443/other/path", "o"],
    ["anthropic", "https://api.anthropic.com/", "a"],
    ["gemini", "https://generativelanguage.googleapis.com", "g"],
  ] as const)("a key of the environment goes with %s to %s", (type, url, key) => {
    expect(keyAt(type, url)).toBe(key);
  });

  it.each([
    ["openai", "https://evil.example/v1"],
    ["openai", "http://api.openai.com/v1"],
    ["openai", "https://api.openai.com:8443/v1"],
    ["openai", "https://api.openai.com.evil.example/v1"],
    ["openai", "https://api.openai.com@evil.example/v1"],
    ["openai", "https://evil.example/https://api.openai.com/v1"],
    ["openai", "https://evil-api.openai.com/v1"],
    ["openai", "https://a.b.api.openai.com/v1"],
    ["openai", "https://gateway.example/openai"],
    ["openai", "http://gateway.example:8443/openai"],
    ["openai", "https://api.anthropic.com"],
    ["anthropic", "https://gateway.example:8443/openai"],
    ["anthropic", "http://127.0.0.1:9/"],
    ["gemini", "https://storage.googleapis.com"],
  ] as const)("a key of the environment does not go with %s to %s", (type, base_url) => {
    expect(keyAt(type, base_url)).toBeNull();
    const own = { type, model: "m", base_url, api_key: "own" };
    expect(resolveKey(own, env)).toBe("own");
    expect(missingKey({ type, model: "m", base_url }, env)).toMatch(/^set api_key here\. .* only/);
  });

  it("a key is not needed with an authorization header", () => {
    const headers = { Authorization: "Bearer own" };
    const config = { type: "openai", model: "m", base_url: "https://a.example", headers } as const;
    expect(missingKey(config, env)).toBeNull();
  });

  it("a key is not needed for servers without keys", () => {
    expect(missingKey({ type: "simulated", model: "careful" }, {})).toBeNull();
    const local = { type: "compatible", model: "llama4", base_url: "http://127.0.0.1:1" } as const;
    expect(missingKey(local, {})).toBeNull();
  });
});

it("the base URL comes from the configuration, else from the SDK's own variable", () => {
  const env = { GOOGLE_GEMINI_BASE_URL: "http://127.0.0.1:2" };
  expect(resolveBaseUrl(gemini, env)).toBe("http://127.0.0.1:2");
  expect(resolveBaseUrl({ ...gemini, base_url: "http://127.0.0.1:1" }, env)).toBe(
    "http://127.0.0.1:1",
  );
  expect(resolveBaseUrl(gemini, {})).toBeUndefined();
});
