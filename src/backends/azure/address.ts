import { trimEndOf } from "../../text/trim-end-of.ts";

/** Where an Azure OpenAI or Foundry deployment is called. */
export interface AzureAddress {
  /** The base URL of the SDK, without a query. */
  readonly baseUrl: string;
  /** The `api-version`; empty on the v1 API, which needs none. */
  readonly query: Readonly<Record<string, string>>;
  /** `v1`: https://RESOURCE/openai/v1. `deployments`: a path for each deployment, with an api-version. `models`: Foundry's older model path. */
  readonly api: "v1" | "deployments" | "models";
}

/** Versions of the v1 API that are no date: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle */
const V1_VERSIONS = new Set(["v1", "preview", "latest"]);

/**
 * The address of a deployment. `endpoint` may be any URL that the Azure portal shows: the resource, its `/openai/v1`, or a whole target URI with
 * `api-version`. A dated version means the path of the deployment; without one, the v1 API.
 */
export function azureAddress(
  endpoint: string,
  deployment: string,
  apiVersion?: string,
): AzureAddress {
  const url = new URL(endpoint);
  const version = apiVersion?.trim() || url.searchParams.get("api-version") || undefined;
  const path = url.pathname.replace(/\/(chat\/completions|responses|completions)\/?$/, "");
  const trimmed = trimEndOf(path, /\//);
  const at = (suffix: string) => `${url.origin}${suffix}`;
  if (version === undefined || V1_VERSIONS.has(version)) {
    // `v1` and `latest` are the default.
    const query = version === "preview" ? { "api-version": version } : {};
    return { api: "v1", baseUrl: at(`${resourcePath(trimmed)}/openai/v1`), query };
  }
  const query = { "api-version": version };
  if (trimmed.endsWith("/models")) return { api: "models", baseUrl: at(trimmed), query };
  const name = encodeURIComponent(deploymentIn(trimmed) ?? deployment);
  const baseUrl = at(`${resourcePath(trimmed)}/openai/deployments/${name}`);
  return { api: "deployments", baseUrl, query };
}

/** What stands before Azure's own path: "" at Azure, a prefix behind a gateway. */
const resourcePath = (path: string): string =>
  path.replace(/\/openai(\/v1|\/deployments(\/[^/]*)?)?$/, "").replace(/\/models$/, "");

function deploymentIn(path: string): string | undefined {
  const name = /\/deployments\/([^/]+)$/.exec(path)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}
