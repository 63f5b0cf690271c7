import { z } from "zod";
import type { Env } from "../backends/keys.ts";
import { trimEndOf } from "../text/trim-end-of.ts";

/** A chat model that a server on this machine offers without a key. */
export interface LocalModel {
  /** "Ollama". */
  readonly server: string;
  /** `http://127.0.0.1:11434/v1` */
  readonly baseUrl: string;
  readonly model: string;
  /** Tokens that the server lets it read. */
  readonly contextWindow: number;
}

/** Servers and their usual ports, from their documentation. */
const SERVERS: readonly { readonly name: string; readonly port: number }[] = [
  { name: "Ollama", port: 11434 },
  { name: "LM Studio", port: 1234 },
  { name: "llama.cpp", port: 8080 },
  { name: "vLLM", port: 8000 },
];

const TIMEOUT_MS = 800;
/** Long lists are registries, not models that are loaded. */
const MOST_MODELS = 200;
/** Ollama's and LM Studio's default; longer prompts lose their beginning without a word. */
const DEFAULT_WINDOW = 4_096;
const SERVED_WINDOW = 8_192;

/** Models that do not chat, by the names that these servers give them; `-cloud` needs an account. */
const NO_CHAT =
  /embed|rerank|whisper|minilm|\bclip\b|\btts\b|(^|[/:_-])(bge|e5|gte|jina|arctic|sdxl|flux)[-_:.]|stable-diffusion|[:-]cloud$/i;

const Models = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      owned_by: z.string().optional().catch(undefined),
      /** vLLM and SGLang. */
      max_model_len: z.number().positive().optional().catch(undefined),
      /** llama.cpp. */
      meta: z
        .object({ n_ctx: z.number().positive().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    }),
  ),
});
type ListedModel = z.infer<typeof Models>["data"][number];

type Fetch = typeof globalThis.fetch;

/** `servers`: "on" for the usual ports of this machine, "off" for none, or base URLs. */
export function localServers(
  setting: string,
): readonly { readonly name: string | null; readonly baseUrl: string }[] {
  const text = setting.trim();
  if (/^(off|false|no|0)$/i.test(text)) return [];
  if (/^(on|true|yes|1|)$/i.test(text)) {
    return SERVERS.map(({ name, port }) => ({ name, baseUrl: `http://127.0.0.1:${port}/v1` }));
  }
  return text
    .split(/[\s,]+/)
    .filter((url) => URL.canParse(url))
    .map((url) => ({ name: null, baseUrl: trimEndOf(url, /\//) }));
}

/** Asks all servers at once which chat models they have. Never rejects; what does not answer in time is not there. */
export async function findLocalModels(
  setting: string,
  env: Env,
  fetch: Fetch = globalThis.fetch,
): Promise<readonly LocalModel[]> {
  const found = await Promise.all(
    localServers(setting).map(async ({ name, baseUrl }) =>
      (await listModels(baseUrl, fetch))
        .filter(({ id }) => !NO_CHAT.test(id))
        .map((model) => describe(model, { name, baseUrl, env })),
    ),
  );
  return found.flat();
}

async function listModels(baseUrl: string, fetch: Fetch): Promise<readonly ListedModel[]> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${baseUrl}/models`, { signal, redirect: "error" });
    const listed = Models.safeParse(response.ok ? await response.json() : null);
    return (listed.data?.data ?? []).slice(0, MOST_MODELS);
  } catch {
    return [];
  }
}

function describe(
  { id, owned_by = "", max_model_len, meta }: ListedModel,
  {
    name,
    baseUrl,
    env,
  }: { readonly name: string | null; readonly baseUrl: string; readonly env: Env },
): LocalModel {
  const server = serverOf(owned_by) ?? name ?? new URL(baseUrl).host;
  const contextWindow = max_model_len ?? meta?.n_ctx ?? usualWindow(server, env);
  return { server, baseUrl, model: id, contextWindow };
}

function usualWindow(server: string, env: Env): number {
  const told = server === "Ollama" ? Number(env["OLLAMA_CONTEXT_LENGTH"]) : 0;
  if (told > 0) return told;
  return server === "Ollama" || server === "LM Studio" ? DEFAULT_WINDOW : SERVED_WINDOW;
}

/** Servers also run on each other's ports. */
const serverOf = (owner: string): string | null =>
  /^llamacpp$/i.test(owner) ? "llama.cpp" : /^vllm$/i.test(owner) ? "vLLM" : null;

/** "Local models found: Ollama (qwen3:8b, gemma3:12b). …": one line for the log and the terminal. */
export function formatLocalModels(found: readonly LocalModel[], used: readonly string[]): string {
  const servers = [...new Set(found.map(({ server }) => server))];
  const lists = servers.map((server) => {
    const models = found.filter((one) => one.server === server).map(({ model }) => model);
    const rest = models.length - MOST_NAMED;
    return `${server} (${models.slice(0, MOST_NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""})`;
  });
  return `No API key is set, but local models are here: ${lists.join(", ")}. Answers come from ${used.join(", ")}. PARLEY_LOCAL_MODELS=off turns this off.`;
}

const MOST_NAMED = 5;
