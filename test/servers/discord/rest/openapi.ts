import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asJson, type Json } from "../wire/json.ts";
import { schemaProblems } from "./json-schema.ts";
import { sameRoute } from "./router.ts";

/** Discord's own description of its API, where it is at hand. */
export interface OpenApi {
  /** What is wrong with a request's body. */
  request(route: string, body: unknown): readonly string[];
  /** What is wrong with an answer of this server. */
  response(route: string, status: number, json: unknown): readonly string[];
}

const FILE = join(import.meta.dirname, "../../../../../shared/data/discord-openapi.json");

/** The documentation, and everybody, sends these as text. */
const WRONG_IN_DOCUMENT = /default_member_permissions is not integer/;

const documents = new Map<string, OpenApi | undefined>();

/** Undefined: the document is not here, and nothing is checked against it. */
export function openOpenApi(): OpenApi | undefined {
  if (!documents.has(FILE)) {
    documents.set(FILE, existsSync(FILE) ? readOpenApi(FILE) : undefined);
  }
  return documents.get(FILE);
}

function readOpenApi(file: string): OpenApi {
  const document = asJson(JSON.parse(readFileSync(file, "utf8")));
  const operations = operationsOf(asJson(document["paths"]));
  const resolve = (ref: string): Json =>
    ref
      .slice(2)
      .split("/")
      .reduce<Json>((node, key) => asJson(node[key]), document);
  const schemaOf = (node: unknown): Json | undefined => {
    const content = asJson(asJson(node)["content"]);
    const media = content["application/json"];
    return media === undefined ? undefined : asJson(asJson(media)["schema"]);
  };
  const problems = (schema: Json | undefined, value: unknown) =>
    (schema ? schemaProblems(schema, value, resolve) : []).filter(
      (problem) => !WRONG_IN_DOCUMENT.test(problem),
    );
  return {
    request(route, body) {
      const operation = operations.get(sameRoute(route));
      return problems(schemaOf(operation?.["requestBody"]), body ?? {});
    },
    response(route, status, json) {
      const responses = asJson(operations.get(sameRoute(route))?.["responses"]);
      return problems(schemaOf(responses[String(status)]), json);
    },
  };
}

const METHODS = ["get", "post", "put", "patch", "delete"];

function operationsOf(paths: Json): ReadonlyMap<string, Json> {
  return new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      METHODS.flatMap((method) => {
        const operation = asJson(item)[method];
        const pattern = path.replaceAll(/\{[^}]*\}/g, ":x");
        const route = sameRoute(`${method.toUpperCase()} ${pattern}`);
        return operation === undefined ? [] : [[route, asJson(operation)] as const];
      }),
    ),
  );
}
