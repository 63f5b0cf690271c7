import { z } from "zod";
import { formatValue } from "../files/value-text.ts";
import type { Note } from "./losses.ts";
import type { Counterpart } from "./backends.ts";
import { convertKey } from "./convert-key.ts";
import { isOpenAI } from "./key-variables.ts";
import { type Mapping, mappingOf } from "./read-config.ts";

type Usable = Extract<Counterpart, { type: string }>;

/** The keys that are converted whatever the type. */
const READ: ReadonlySet<string> = new Set([
  "type",
  "model",
  "api_key",
  "base_url",
  "azure_endpoint",
  "api_version",
  "azure_deployment",
  "text",
  "reasoning",
  "enable_web_search",
  "max_tokens",
  "max_output_tokens",
  "max_completion_tokens",
  "system_message",
  "append_system_prompt",
  "extra_body",
  "chat_template_kwargs",
]);

/** What Chat Completions servers take beside the prompt, and MassGen hands on unchanged. */
const PASSED_ON = [
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "seed",
  "stop",
  "frequency_penalty",
  "presence_penalty",
  "repetition_penalty",
  "logit_bias",
];

/** Whether `convertBackend` converts a key, or says itself what became of it. */
export const isConverted = (key: string, type: string): boolean =>
  READ.has(key) || (isChat(type) && PASSED_ON.includes(key));

const isChat = (type: string): boolean => type === "compatible" || type === "azure";

const SEARCHES = new Set(["openai", "anthropic", "gemini"]);
const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

const present = (entries: Mapping): Mapping =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));

/** A value of the wanted kind; a wrong one is noted and left out. `what` says the kind. */
function read<T>(
  [key, value]: readonly [string, unknown],
  kind: z.ZodType<T>,
  what: string,
  note: Note,
): T | undefined {
  if (value === undefined || value === null) return undefined;
  const parsed = kind.safeParse(value);
  if (parsed.success) return parsed.data;
  note(`${key} is left out: it must be ${what}`);
  return undefined;
}

const Tokens = z.coerce.number().int().positive();
const Text = z.string().trim().min(1);

/** The backend of a seat. */
export function convertBackend(backend: Mapping, found: Usable, note: Note): Mapping {
  if (found.note !== undefined) note(found.note);
  const address = addressOf(backend, found, note);
  const limit = ["max_output_tokens", "max_completion_tokens", "max_tokens"].find(
    (key) => backend[key] !== undefined,
  );
  const options = optionsOf(backend, found, note);
  return present({
    type: found.type,
    model: modelOf(backend, found, note),
    base_url: address,
    api_version: versionOf(backend, found, note),
    api_key: convertKey(backend["api_key"], { ...found, address }, note),
    reasoning: reasoningOf(backend, note),
    web_search: searchOf(backend, found, note),
    max_output_tokens: limit && read([limit, backend[limit]], Tokens, "a number of tokens", note),
    options: Object.keys(options).length > 0 ? options : undefined,
  });
}

/** An address that a team file can use: a URL, or a reference alone. */
function addressOf(backend: Mapping, { type, baseUrl }: Usable, note: Note): string | undefined {
  const key = backend["azure_endpoint"] === undefined ? "base_url" : "azure_endpoint";
  const given = read([key, backend[key]], Text, "an address", note);
  if (given === undefined || (type === "openai" && isOpenAI(given))) return baseUrl;
  if (given.includes("${") || URL.canParse(given)) return given;
  note(`base_url ${JSON.stringify(given)} is left out: it is no address with http:// or https://`);
  return baseUrl ?? (type === "compatible" ? "https://fill-in.invalid/v1" : undefined);
}

function versionOf(backend: Mapping, { type }: Usable, note: Note): string | undefined {
  const version = read(["api_version", backend["api_version"]], Text, "a text", note);
  if (version === undefined) return undefined;
  if (type !== "azure") {
    note("api_version is left out: only azure and gemini have one");
    return undefined;
  }
  if (!version.includes("${")) return version;
  note("api_version is left out: a team file writes it as it is; without one, the v1 API is asked");
  return undefined;
}

function searchOf(backend: Mapping, { type }: Usable, note: Note): true | undefined {
  if (backend["enable_web_search"] !== true) return undefined;
  if (SEARCHES.has(type)) return true;
  note("enable_web_search is left out: this provider has no search of its own in Parley");
  return undefined;
}

function reasoningOf(backend: Mapping, note: Note): string | undefined {
  const given = backend["reasoning"];
  const { effort, ...rest } = typeof given === "string" ? { effort: given } : mappingOf(given);
  for (const key of Object.keys(rest)) {
    note(
      key === "summary"
        ? "reasoning.summary is left out: Parley itself asks for a summary where the model offers one"
        : `reasoning.${key} is left out: reasoning is one word, its effort`,
    );
  }
  if (effort === undefined || effort === null) return undefined;
  const found = EFFORTS.find((one) => one === effort);
  if (found === undefined) {
    note(
      `reasoning.effort ${typeof effort === "string" ? effort : formatValue(effort)} is left out: it is one of ${EFFORTS.join(", ")}`,
    );
  }
  return found;
}

/** Fields of the request that go along unchanged. */
function optionsOf(backend: Mapping, { type }: Usable, note: Note): Mapping {
  const { verbosity, ...text } = mappingOf(backend["text"]);
  for (const key of Object.keys(text)) note(`text.${key} is left out: answers are plain Markdown`);
  if (verbosity !== undefined && type !== "openai") {
    note("text.verbosity is left out: only OpenAI's models take it");
  }
  const { chat_template_kwargs: template } = backend;
  const passed = isChat(type)
    ? PASSED_ON.filter((key) => backend[key] !== undefined && backend[key] !== null)
    : [];
  const options = {
    ...Object.fromEntries(passed.map((key) => [key, backend[key]])),
    // The SDK puts `extra_body` at the top of the request.
    ...mappingOf(backend["extra_body"]),
    ...(template === undefined ? {} : { chat_template_kwargs: template }),
    ...(verbosity !== undefined && type === "openai" ? { text: { verbosity } } : {}),
  };
  const names = Object.keys(options).filter((key) => key !== "text");
  if (names.length > 0) note(`${names.join(", ")}: becomes part of options, sent unchanged`);
  return options;
}

function modelOf(backend: Mapping, { model, type }: Usable, note: Note): string {
  const key =
    type === "azure" && backend["azure_deployment"] !== undefined ? "azure_deployment" : "model";
  const given = read([key, backend[key]], Text, "a text", note);
  if (given !== undefined) return given;
  note(`no model was named: ${model === undefined ? "fill it in" : `it gets ${model}`}`);
  return model ?? "FILL-IN-THE-MODEL";
}
