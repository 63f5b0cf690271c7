import { describe, expect, it } from "vitest";
import { BackendConfig } from "../../src/backends/config.ts";
import { missingKey, resolveBaseUrl, resolveKey } from "../../src/backends/keys.ts";

const gemini: BackendConfig = { type: "gemini", model: "gemini-3.8-flash" };

describe("a backend's configuration", () => {
  it("refuses keys that it does not know", () => {
    const result = BackendConfig.safeParse({ ...gemini, temperature: 1 });
    expect(result.error?.issues[0]).toMatchObject({ code: "unrecognized_keys" });
  });

  it("wants a base_url of a compatible one", () => {
    const result = BackendConfig.safeParse({ type: "compatible", model: "llama4" });
    expect(result.error?.issues[0]).toMatchObject({
      path: ["base_url"],
      message: "a compatible backend needs its base_url, such as http://localhost:11434/v1",
    });
  });
});

describe("a key", () => {
  it("is the configuration's own before the environment's", () => {
    const env = { GEMINI_API_KEY: "from-env" };
    expect(resolveKey({ ...gemini, api_key: "own" }, env)).toBe("own");
    expect(resolveKey(gemini, env)).toBe("from-env");
  });

  it("is the first variable that holds something", () => {
    expect(resolveKey(gemini, { GEMINI_API_KEY: " ", GOOGLE_API_KEY: "second\n" })).toBe("second");
  });

  it("is missing by the names of the variables to set", () => {
    expect(missingKey(gemini, {})).toBe("GEMINI_API_KEY or GOOGLE_API_KEY");
    expect(missingKey({ ...gemini, type: "openai" }, {})).toBe("OPENAI_API_KEY");
    expect(missingKey(gemini, { GOOGLE_API_KEY: "k" })).toBeNull();
  });

  it("is not missed where none is needed", () => {
    expect(missingKey({ type: "simulated", model: "careful" }, {})).toBeNull();
    const local = { type: "compatible", model: "llama4", base_url: "http://127.0.0.1:1" } as const;
    expect(missingKey(local, {})).toBeNull();
  });
});

it("finds the base URL in the configuration, else in the SDK's own variable", () => {
  const env = { GOOGLE_GEMINI_BASE_URL: "http://127.0.0.1:2" };
  expect(resolveBaseUrl(gemini, env)).toBe("http://127.0.0.1:2");
  expect(resolveBaseUrl({ ...gemini, base_url: "http://127.0.0.1:1" }, env)).toBe(
    "http://127.0.0.1:1",
  );
  expect(resolveBaseUrl(gemini, {})).toBeUndefined();
});
