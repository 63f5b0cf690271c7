import { expect, test } from "vitest";
import { findLocalModels, formatLocalModels, localServers } from "../../src/teams/local-models.ts";
import { readTeam } from "../../src/teams/files/read-team.ts";

type Reply = { readonly status?: number; readonly body: string } | "refused" | "silent";

/** Servers at ports, as the process's fetch sees them. */
const network = (replies: Readonly<Record<string, Reply>>) => {
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    asked.push(url);
    const reply = Object.entries(replies).find(([at]) => url.startsWith(at))?.[1] ?? "refused";
    if (reply === "refused") return Promise.reject(new TypeError("fetch failed"));
    if (reply === "silent")
      return new Promise((_, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new Error("timeout")));
      });
    return Promise.resolve(new Response(reply.body, { status: reply.status ?? 200 }));
  };
  return { fetch, asked };
};
const list = (...ids: readonly (string | object)[]) => ({
  body: JSON.stringify({
    object: "list",
    data: ids.map((id) => (typeof id === "string" ? { id, object: "model" } : id)),
  }),
});
const OLLAMA = "http://127.0.0.1:11434";

test("Ollama, LM Studio, llama.cpp and vLLM are found on their usual ports, all asked at once", async () => {
  const { fetch, asked } = network({
    [OLLAMA]: list("qwen3:8b", "nomic-embed-text:latest"),
    "http://127.0.0.1:1234": list("google/gemma-3-12b", "text-embedding-nomic-embed-text-v1.5"),
    "http://127.0.0.1:8080": list({
      id: "model.gguf",
      owned_by: "llamacpp",
      meta: { n_ctx: 16384 },
    }),
    "http://127.0.0.1:8000": list({ id: "Qwen/Qwen3-8B", owned_by: "vllm", max_model_len: 40960 }),
  });
  const found = await findLocalModels("on", { OLLAMA_CONTEXT_LENGTH: "32768" }, fetch);
  expect(found.map((one) => `${one.server} ${one.model} ${one.contextWindow}`)).toEqual([
    "Ollama qwen3:8b 32768",
    "LM Studio google/gemma-3-12b 4096",
    "llama.cpp model.gguf 16384",
    "vLLM Qwen/Qwen3-8B 40960",
  ]);
  expect(asked).toHaveLength(4);
});

test.each([
  "nomic-embed-text:latest",
  "mxbai-embed-large",
  "bge-m3:latest",
  "all-minilm:33m",
  "snowflake-arctic-embed2",
  "text-embedding-qwen3-embedding-0.6b",
  "BAAI/bge-reranker-v2-m3",
  "Qwen/Qwen3-Reranker-4B",
  "intfloat/e5-large-v2",
  "openai/whisper-large-v3",
  "gpt-oss:120b-cloud",
  "qwen3-coder:480b-cloud",
])("%s does not chat here", async (model) => {
  const { fetch } = network({ [OLLAMA]: list(model, "llama3.1:8b") });
  expect((await findLocalModels("on", {}, fetch)).map((one) => one.model)).toEqual(["llama3.1:8b"]);
});

test.each<[string, Reply]>([
  ["refuses", "refused"],
  ["says nothing", "silent"],
  ["is another web server", { body: "<html>It works!</html>" }],
  ["is a page with status 404", { status: 404, body: "{}" }],
  ["lists no models", list()],
  ["has another shape", { body: '{"data":{"id":"m"}}' }],
  ["lists models without ids", { body: '{"data":[{"name":"m"}]}' }],
  ["wants a key", { status: 401, body: '{"error":"unauthorized"}' }],
])("A port that %s has no models, and does not hold up the start", async (_, reply) => {
  const { fetch } = network({ "http://127.0.0.1:8080": reply });
  expect(await findLocalModels("on", {}, fetch)).toEqual([]);
});

test("The setting turns it off or names other servers", async () => {
  const { fetch, asked } = network({ "http://gpu:9000": list("m") });
  expect(await findLocalModels("off", {}, fetch)).toEqual([]);
  expect(asked).toEqual([]);
  expect(await findLocalModels("http://gpu:9000/v1/, http://other:1/v1", {}, fetch)).toMatchObject([
    { server: "gpu:9000", baseUrl: "http://gpu:9000/v1", model: "m" },
  ]);
  expect(localServers("on").map(({ name }) => name)).toEqual([
    "Ollama",
    "LM Studio",
    "llama.cpp",
    "vLLM",
  ]);
});

const model = (name: string) => ({
  server: "Ollama",
  baseUrl: "http://127.0.0.1:11434/v1",
  model: name,
  contextWindow: 4096,
});
const auto = (text: string, models: readonly string[], env = {}) =>
  readTeam(
    { name: "default", file: "default.yaml", text },
    { env, priceKnown: () => true, local: { models: models.map(model), programs: [] } },
  ).team;

test("agents: auto takes up to three local models when no key is set, and gives them time", () => {
  const team = auto("agents: auto", ["qwen3:8b", "library/gemma3:12b", "qwen3:8B", "phi4"]);
  expect(team?.agents).toMatchObject([
    { id: "qwen3-8b", name: "qwen3:8b", backend: { type: "compatible", context_window: 4096 } },
    { id: "gemma3-12b", name: "gemma3:12b" },
    { id: "qwen3-8b-3" },
  ]);
  expect(team?.policy.limits).toMatchObject({ turn_timeout: 1800, first_sign: 300 });
  const own = auto("agents: auto\nlimits: { turn_timeout: 90 }", ["qwen3:8b"]);
  expect(own?.policy.limits).toMatchObject({ turn_timeout: 90, idle: 120 });
});

test("a key goes before local models, solo takes one, and a team with agents of its own takes none", () => {
  expect(auto("agents: auto", ["m"], { OPENAI_API_KEY: "k" })?.agents[0]?.backend.type).toBe(
    "openai",
  );
  expect(auto("agents: auto\nmode: solo", ["a", "b"])?.agents).toHaveLength(1);
  const own = "agents: [{id: x, backend: {type: simulated, model: simulated}}]";
  expect(auto(own, ["a"])?.agents.map(({ id }) => id)).toEqual(["x"]);
});

test("What was found is one line", () => {
  const found = ["a", "b", "c", "d", "e", "f"].map(model);
  expect(formatLocalModels(found, ["a", "b", "c"])).toBe(
    "No API key is set, but local models are here: Ollama (a, b, c, d, e and 1 more). Answers come from a, b, c. PARLEY_LOCAL_MODELS=off turns this off.",
  );
});
