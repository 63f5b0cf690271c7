import { describe, expect, test } from "vitest";
import { azureAddress } from "../../../src/backends/azure/address.ts";
import { type AzureOptions, createAzureBackend } from "../../../src/backends/azure/azure.ts";
import type { BackendConfig } from "../../../src/backends/config.ts";
import { missingKey, resolveBaseUrl, resolveKey } from "../../../src/backends/keys.ts";
import { withOwnKeys } from "../../../src/tenants/own-keys.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, failure, said, voteTool } from "../ask.ts";
import { describeBackendContract } from "../contract.ts";

const KEY = "azure-key-0123456789";

describeBackendContract("azure on the v1 API", {
  wire: "responses",
  keyName: "AZURE_OPENAI_API_KEY",
  create: ({ url, ...options }) => createAzureBackend({ ...options, baseUrl: `${url}/openai/v1` }),
});

describeBackendContract("azure with a dated api-version", {
  wire: "chat",
  keyName: "AZURE_OPENAI_API_KEY",
  create: ({ url, ...options }) =>
    createAzureBackend({ ...options, baseUrl: url, apiVersion: "2024-10-21" }),
});

describe("azure", () => {
  const faults = useModelFaults();
  const answered = { type: "answer", reply: { text: "ok" } } as const;
  const backend = (options: Partial<AzureOptions> = {}) =>
    createAzureBackend({
      model: "our-gpt",
      apiKey: KEY,
      baseUrl: faults().url,
      mayForce: true,
      ...options,
    });
  const refusal = (status: number, message: string, code: string | null = null) => ({
    type: "raw" as const,
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ error: { message, code, type: "invalid_request_error", param: null } }),
  });

  test.each([
    ["the resource", ""],
    ["the resource with a slash", "/"],
    ["the v1 address", "/openai/v1"],
    ["the v1 address with a slash", "/openai/v1/"],
    ["the target of Responses", "/openai/v1/responses"],
    ["the target of Chat Completions", "/openai/v1/chat/completions"],
  ])("%s leads to the v1 API, with the key as api-key and no api-version", async (_, path) => {
    faults().play(answered);
    expect(said(await ask(backend({ baseUrl: `${faults().url}${path}` })))).toBe("ok");
    const [request] = faults().requests;
    expect(request?.path).toBe("/openai/v1/responses");
    expect(request?.headers["api-key"]).toBe(KEY);
    expect(request?.headers["authorization"]).toBeUndefined();
    expect(request?.body).toMatchObject({ model: "our-gpt" });
  });

  test.each([
    ["", "2024-10-21", "/openai/deployments/our-gpt/chat/completions?api-version=2024-10-21"],
    [
      "/openai",
      "2024-10-21",
      "/openai/deployments/our-gpt/chat/completions?api-version=2024-10-21",
    ],
    [
      "/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview",
      undefined,
      "/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview",
    ],
    [
      "/openai/deployments/gpt-4o/",
      "2024-06-01",
      "/openai/deployments/gpt-4o/chat/completions?api-version=2024-06-01",
    ],
    ["/models", "2024-05-01-preview", "/models/chat/completions?api-version=2024-05-01-preview"],
    [
      "/gateway/openai/deployments/a%20b?api-version=2024-10-21",
      undefined,
      "/gateway/openai/deployments/a%20b/chat/completions?api-version=2024-10-21",
    ],
    ["", "preview", "/openai/v1/responses?api-version=preview"],
  ])("%j with api_version %s asks %s", async (path, apiVersion, expected) => {
    faults().play(answered);
    await ask(backend({ baseUrl: `${faults().url}${path}`, apiVersion }), { tools: [voteTool] });
    const [request] = faults().requests;
    expect(request?.path).toBe(expected);
    expect(request?.headers["api-key"]).toBe(KEY);
  });

  test.each([
    [400, "This model is not supported by the Responses API."],
    [400, "The requested operation is unsupported."],
    [404, "Resource not found"],
    [400, "The responses operation does not work with the specified model, Ministral-3B."],
  ])(
    "a model without Responses (%i %s) is asked over Chat Completions, from then on at once",
    async (status, message) => {
      const azure = backend();
      faults().play(refusal(status, message), answered, answered);
      expect(said(await ask(azure, { tools: [] }))).toBe("ok");
      expect(said(await ask(azure))).toBe("ok");
      const paths = faults().requests.map(({ path }) => path);
      expect(paths.filter((path) => path.endsWith("/responses")).length).toBeGreaterThan(0);
      expect(paths.slice(-2)).toEqual([
        "/openai/v1/chat/completions",
        "/openai/v1/chat/completions",
      ]);
    },
  );

  test("an unknown deployment is reported in Azure's words, and a bad key is not retried", async () => {
    const gone = refusal(
      404,
      "The API deployment for this resource does not exist.",
      "DeploymentNotFound",
    );
    faults().play(gone, gone);
    expect((await failure(backend())).message).toContain(
      "deployment for this resource does not exist",
    );
    faults().reset();
    faults().play(refusal(401, "Access denied due to invalid subscription key."));
    expect(await failure(backend())).toMatchObject({ failure: "auth" });
    expect(faults().requests).toHaveLength(1);
  });

  test("an Entra ID token in a header needs no key", async () => {
    faults().play(answered);
    await ask(backend({ apiKey: undefined, headers: { authorization: "Bearer eyJ0" } }));
    expect(faults().requests[0]?.headers["authorization"]).toBe("Bearer eyJ0");
  });
});

describe("azure's settings", () => {
  const config: BackendConfig = { type: "azure", model: "our-gpt" };
  const env = { AZURE_OPENAI_API_KEY: KEY, AZURE_OPENAI_ENDPOINT: "https://us.openai.azure.com/" };

  test("Azure's settings come from AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY, and the key is sent to that resource only", () => {
    expect(resolveBaseUrl(config, env)).toBe("https://us.openai.azure.com/");
    expect(resolveKey(config, env)).toBe(KEY);
    const same = { ...config, base_url: "https://us.openai.azure.com/openai/v1" };
    const other = { ...config, base_url: "https://them.openai.azure.com/openai/v1" };
    expect(resolveKey(same, env)).toBe(KEY);
    expect(resolveKey(other, env)).toBeUndefined();
    expect(missingKey(config, {})).toContain("set AZURE_OPENAI_API_KEY");
    expect(missingKey({ ...other, headers: { "api-key": "k" } }, env)).toBeNull();
  });

  test("a workspace with its own keys does not use the installation's resource", () => {
    expect(resolveKey(config, withOwnKeys(env, { openai: "own" }))).toBeUndefined();
  });

  test("hosts of Foundry and other clouds are not changed", () => {
    for (const host of [
      "us.services.ai.azure.com",
      "us.openai.azure.us",
      "us.cognitiveservices.azure.com",
    ]) {
      expect(azureAddress(`https://${host}/`, "m").baseUrl).toBe(`https://${host}/openai/v1`);
    }
  });
});
