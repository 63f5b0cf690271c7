import { z } from "zod";
import { isObject, text, textOf } from "../reply/tolerant.ts";

/** How a turn of the CLI ended. */
export const Result = z.looseObject({
  is_error: z.boolean().catch(false),
  subtype: text,
  result: text,
  stop_reason: text,
  terminal_reason: text,
  api_error: text,
  api_error_type: text,
  /** Of the API's reply. */
  api_error_status: z.number().optional().catch(undefined),
});
export type Result = z.infer<typeof Result>;

const Message = z.looseObject({ id: text, model: text, content: z.array(z.unknown()).catch([]) });

/** What a line of the CLI tells. */
export type Told =
  /** An event of the model's API, as it came. */
  | { readonly type: "api"; readonly event: Readonly<Record<string, unknown>> }
  /** Blocks of a message of the model that are whole. */
  | { readonly type: "blocks"; readonly id: string; readonly content: readonly unknown[] }
  | { readonly type: "result"; readonly result: Result }
  /** It asks the model again by itself, because the message before was cut, refused or broken off. */
  | { readonly type: "again" }
  /** The conversation is empty again. */
  | { readonly type: "reset" }
  | { readonly type: "reply"; readonly id: string; readonly problem: string | null }
  /** The CLI asks for something. */
  | { readonly type: "asked"; readonly id: string }
  /** Anything else. */
  | { readonly type: "other" };

const OTHER: Told = { type: "other" };

/** The CLI writes its own notices and errors as messages of this model. */
const SYNTHETIC = "<synthetic>";

/** Reads a line. Lines of agents below this one, and lines of unknown types, tell nothing. */
export function readLine(line: unknown): Told {
  if (!isObject(line)) return OTHER;
  const isOwn = line["parent_tool_use_id"] === undefined || line["parent_tool_use_id"] === null;
  return isOwn ? (READERS[textOf(line["type"])]?.(line) ?? OTHER) : OTHER;
}

type Reader = (line: Readonly<Record<string, unknown>>) => Told;

const READERS: Readonly<Record<string, Reader>> = {
  stream_event: ({ event }) => (isObject(event) ? { type: "api", event } : OTHER),
  assistant({ message }) {
    const { id, model, content } = Message.catch(NO_MESSAGE).parse(message);
    return model === SYNTHETIC ? OTHER : { type: "blocks", id, content };
  },
  user: ({ isSynthetic }) => (isSynthetic === true ? { type: "again" } : OTHER),
  result: (line) => ({ type: "result", result: Result.parse(line) }),
  conversation_reset: () => ({ type: "reset" }),
  control_response({ response }) {
    if (!isObject(response)) return OTHER;
    const problem = response["subtype"] === "error" ? textOf(response["error"]) : null;
    return { type: "reply", id: textOf(response["request_id"]), problem };
  },
  control_request: ({ request_id: id }) => ({ type: "asked", id: textOf(id) }),
};

const NO_MESSAGE = { id: "", model: SYNTHETIC, content: [] };
