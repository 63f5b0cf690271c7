import { trimEndOf } from "../../text/trim-end-of.ts";

/** What an error reply says, whatever its form. */
export interface ErrorBody {
  /** The innermost message, after the gateways' prefixes. */
  readonly words: string;
  /** Types, codes, statuses and reasons, as they stand. */
  readonly codes: readonly string[];
  /** The HTTP status that the body names. */
  readonly status: number | undefined;
  /** All objects of the body, for the waits in them. */
  readonly parts: readonly Fields[];
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Gateways wrap bodies in bodies. */
const DEEPEST = 4;

/**
 * Reads the JSON of an error, as providers, servers and gateways write it: `{"error": {…}}`, `{"error": "…"}`, `[{"error": …}]`,
 * `{"object": "error"}`, `{"type": "error"}`, `{"detail": …}`, `{"message": …}`, `{"errors": […]}`, `choices[0].error`. Null if it is no error.
 */
export function readErrorBody(value: unknown, depth = 0): ErrorBody | null {
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return readErrorBody(value.find(isFields), depth + 1);
  if (!isFields(value) || !mayBeError(value)) return null;
  const parts = [value, ...inner(value)];
  const message =
    parts
      .toReversed()
      .map(messageOf)
      .find((text) => text !== "") ?? "";
  if (parts.length === 1 && !isFlatError(value, message)) return null;
  const codes = parts.flatMap(codesOf);
  const raw = parts.map(({ metadata }) => rawOf(metadata)).find((text) => text !== undefined);
  const nested = raw === undefined ? null : parseErrorText(raw, depth + 1);
  const outer: ErrorBody = {
    words: message,
    codes,
    parts,
    status: parts.map(statusOf).find(Boolean),
  };
  return withNested(unwrapped(outer, depth), nested);
}

/** Most events of a stream have none of these, and are told apart at once. */
function mayBeError(value: Fields): boolean {
  if (value["object"] === "error" || value["type"] === "error") return true;
  if (ERRORS.some((key) => isGiven(value[key])) || MESSAGES.some((key) => isGiven(value[key]))) {
    return true;
  }
  const [choice] = listOf(value["choices"]);
  return isFields(choice) && isGiven(choice["error"]);
}

const ERRORS = ["error", "errors", "error_type"];
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Reads the text of an error reply: JSON, server-sent events, a web page, or plain text. */
export function parseErrorText(text: string, depth = 0): ErrorBody {
  const trimmed = text.trim();
  if (/^<(!doctype|html|head|\?xml|!--|body|title|center|h1)/i.test(trimmed))
    return pageBody(trimmed);
  const json = jsonIn(
    trimmed.replace(/^(?:event:[^\n]*\n\s*)?(?:data|error):\s*/, "").split("\n\n")[0] ?? "",
  );
  const value = json === undefined ? jsonIn(trimmed) : json;
  if (typeof value === "string") return parseErrorText(value, depth + 1);
  const body = value === undefined ? null : readErrorBody(value, depth);
  return body ?? unwrapped({ words: trimmed, codes: [], status: undefined, parts: [] }, depth);
}

/** The code of a web page in place of an API's reply. */
export const WEB_PAGE = "web_page";

function pageBody(html: string): ErrorBody {
  const [, title] =
    /<title[^<>]*>([^<]{1,500})/i.exec(html) ?? /<h1[^<>]*>([^<]{1,500})/i.exec(html) ?? [];
  const name = title
    ?.replaceAll("&amp;", "&")
    .replace(/&\S{1,8};/g, " ")
    .trim();
  const words = name ? `a web page titled “${name}”` : "a web page";
  return { words, codes: [WEB_PAGE], status: undefined, parts: [] };
}

/** The objects that hold the error: `error`, `choices[0].error`, `errors[0]`, a `detail` with fields. */
function inner(value: Fields): readonly Fields[] {
  const [choice] = listOf(value["choices"]);
  const found = [
    value["error"],
    isFields(choice) ? choice["error"] : undefined,
    listOf(value["errors"])[0],
    isFields(value["detail"]) ? value["detail"] : listOf(value["detail"])[0],
  ];
  return found.flatMap((one) => {
    if (typeof one === "string" && one.trim() !== "") return [{ message: one }];
    if (!isFields(one) || Object.keys(one).length === 0) return [];
    return [one, ...(isFields(one["error"]) ? [one["error"]] : [])];
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const MESSAGES = [
  "message",
  "msg",
  "detail",
  "error_message",
  "error_msg",
  "errorMessage",
  "Message",
  "title",
] as const;

function messageOf(part: Fields): string {
  for (const key of MESSAGES) {
    const text = part[key];
    if (typeof text === "string" && text.trim() !== "") return text.trim();
  }
  return "";
}

/** Fields and types of events with content, which may have a message too. */
const CONTENT = ["candidates", "delta", "response", "content", "content_block", "item", "part"];
const CONTENT_TYPES = /^(response|content_block|message|ping|session)\b(?!.*\berror$)/;

/** Whether an object without an inner error is one itself. */
function isFlatError(value: Fields, message: string): boolean {
  const { type, object } = value;
  if (object === "error" || type === "error") return true;
  if (message === "" || listOf(value["choices"]).length > 0) return false;
  if (CONTENT.some((key) => value[key] !== undefined && value[key] !== null)) return false;
  return typeof type !== "string" || !CONTENT_TYPES.test(type);
}

const CODES = ["type", "code", "status", "reason", "error_type", "error_code", "limit_source"];

function codesOf(part: Fields): readonly string[] {
  const { details, metadata, violations } = part;
  const own = CODES.flatMap((key) => textOf(part[key]));
  const quotas = ["quotaId", "quota_limit"].flatMap((key) => textOf(part[key]));
  const below = [...listOf(details), ...listOf(violations), metadata].filter(isFields);
  return [...own, ...quotas, ...below.flatMap(codesOf)];
}

const textOf = (value: unknown): readonly string[] =>
  typeof value === "string" || typeof value === "number" ? [String(value)] : [];

const STATUSES = ["status", "code", "status_code", "statusCode", "raw_status_code"];

function statusOf(part: Fields): number | undefined {
  const named = STATUSES.flatMap((key) => textOf(part[key]));
  const status = named.find((text) => /^[45]\d\d$/.test(text));
  return status === undefined ? undefined : Number(status);
}

/** OpenRouter puts the upstream server's body into `metadata.raw`. */
function rawOf(metadata: unknown): string | undefined {
  if (!isFields(metadata)) return undefined;
  const { raw } = metadata;
  if (typeof raw === "string" && raw.trim() !== "") return raw;
  return isFields(raw) ? JSON.stringify(raw) : undefined;
}

/** A message that contains another body: "Error from provider: {…}", or nothing but the body. */
function unwrapped(body: ErrorBody, depth: number): ErrorBody {
  const start = body.words.search(/[[{]\s*[{"]/);
  const end = Math.max(body.words.lastIndexOf("}"), body.words.lastIndexOf("]"));
  const json = start < 0 || depth >= DEEPEST ? undefined : jsonIn(body.words.slice(start, end + 1));
  const nested = json === undefined ? null : readErrorBody(json, depth + 1);
  if (!nested) return { ...body, status: body.status ?? statusIn(body.words) };
  const prefix = body.words.slice(0, Math.min(start, LONGEST_PREFIX));
  return withNested(
    { ...body, words: trimEndOf(prefix.replace(/\bb['"]$/, ""), /[\s:'"-]/) },
    nested,
  );
}

const LONGEST_PREFIX = 200;

/** "Error code: 429 - …", "Request failed with status code 503", as clients of an upstream server write. */
function statusIn(words: string): number | undefined {
  const [, status] = /\b(?:error|status) code:? ?([45]\d\d)\b/i.exec(words) ?? [];
  return status === undefined ? undefined : Number(status);
}

function withNested(outer: ErrorBody, nested: ErrorBody | null): ErrorBody {
  if (!nested) return outer;
  return {
    words: [outer.words, nested.words].filter((text) => text !== "").join(": "),
    codes: [...outer.codes, ...nested.codes],
    status: outer.status ?? nested.status,
    parts: [...outer.parts, ...nested.parts],
  };
}

function jsonIn(text: string): unknown {
  try {
    return /^[[{"]/.test(text) ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
