import { type Backend, BackendError, type BackendEvent, type BackendRequest } from "../backend.ts";
import { type CompatibleOptions, createCompatibleBackend } from "../compatible/compatible.ts";
import { createOpenAIBackend, type OpenAIOptions } from "../openai/openai.ts";
import { azureAddress } from "./address.ts";

export interface AzureOptions extends Omit<
  OpenAIOptions & CompatibleOptions,
  "baseUrl" | "query" | "server"
> {
  /** The resource's endpoint, or any URL of it that the Azure portal shows. */
  readonly baseUrl: string | undefined;
  readonly apiVersion?: string | undefined;
}

const KIND = "azure";
const PROVIDER = "azure";

const NO_ENDPOINT =
  "Azure needs the address of the resource: set base_url here or AZURE_OPENAI_ENDPOINT, such as https://RESOURCE.openai.azure.com.";
const NO_KEY =
  "Azure needs a key: set api_key here, or AZURE_OPENAI_API_KEY for the resource of AZURE_OPENAI_ENDPOINT.";

/**
 * A deployment of Azure OpenAI or Azure AI Foundry; `model` is the deployment's name. The key goes as `api-key`. On the v1 API it speaks
 * Responses, and Chat Completions to models that have no Responses; with a dated api-version Chat Completions.
 */
export function createAzureBackend(options: AzureOptions): Backend {
  const { model, apiKey, baseUrl, apiVersion, headers = {} } = options;
  if (baseUrl === undefined) throw new BackendError("bad_request", NO_ENDPOINT);
  if (apiKey === undefined && !authorises(headers)) throw new BackendError("auth", NO_KEY);
  const address = azureAddress(baseUrl, model, apiVersion);
  const server = {
    ...options,
    baseUrl: address.baseUrl,
    query: address.query,
    apiKey: undefined,
    headers: { ...(apiKey !== undefined && { "api-key": apiKey }), ...headers },
    provider: PROVIDER,
    server: { name: "Azure", keyVariables: "AZURE_OPENAI_API_KEY", addressNeedsVersion: false },
  };
  const chat = createCompatibleBackend(server);
  const { ask } = address.api === "v1" ? preferred(createOpenAIBackend(server), chat) : chat;
  return { kind: KIND, model, provider: PROVIDER, ask };
}

const authorises = (headers: Readonly<Record<string, string>>): boolean =>
  Object.keys(headers).some((name) => /^(authorization|api-key)$/i.test(name));

/** How Azure says that a deployment has no Responses API. */
const NO_RESPONSES =
  /responses (api|operation)|resource not found|operation ?(is )?(not ?supported|unsupported)|enabled only for api-version/i;

/** Asks the first API until it says that the model does not have it; then always the second. */
function preferred(first: Backend, second: Backend): Pick<Backend, "ask"> {
  let isRefused = false;
  async function* askFirst(request: BackendRequest): AsyncGenerator<BackendEvent> {
    let hasBegun = false;
    try {
      for await (const event of first.ask(request)) {
        hasBegun = true;
        yield event;
      }
      return;
    } catch (error) {
      const isUnsupported =
        error instanceof BackendError &&
        error.failure === "bad_request" &&
        NO_RESPONSES.test(error.message);
      if (hasBegun || !isUnsupported) throw error;
    }
    yield* second.ask(request);
    isRefused = true;
  }
  return { ask: (request) => (isRefused ? second.ask(request) : askFirst(request)) };
}
