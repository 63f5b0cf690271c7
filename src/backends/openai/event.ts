import { z } from "zod";
import type { TokenUsage } from "../backend.ts";
import type { Sent } from "../read-reply.ts";
import type { CallPiece } from "../reply/call-collector.ts";
import {
  anything,
  argumentsOf,
  contentText,
  count,
  indexOf,
  isObject,
  list,
  maybeCount,
  text,
  textOf,
  wordsOf,
} from "../reply/tolerant.ts";

/** What an event adds to the reply. `whole`: it repeats the pieces before it. */
export type OpenAIEvent =
  | {
      readonly type: "text" | "thinking";
      readonly slot: string;
      readonly words: string;
      readonly whole: boolean;
    }
  | { readonly type: "refusal" }
  | { readonly type: "call"; readonly piece: CallPiece }
  /** The item's text is said on the way to the answer. */
  | { readonly type: "commentary"; readonly item: string }
  | { readonly type: "ended"; readonly how: Ended };

/** The end of a response. */
export interface Ended {
  readonly status: "completed" | "incomplete" | "failed";
  /** Why it is incomplete. */
  readonly reason: string;
  readonly error: { readonly code: string | null; readonly message: string } | null;
  readonly usage: TokenUsage | null;
}

const Item = z.looseObject({
  type: text,
  id: text,
  call_id: text,
  name: text,
  phase: text,
  arguments: anything,
  input: anything,
  content: anything,
  summary: anything,
});
type Item = z.infer<typeof Item>;

/** An event as it came. Each reader parses what it needs: most events are pieces of a text. */
type Event = Readonly<Record<string, unknown>>;

const Counts = z.looseObject({
  input_tokens: maybeCount.optional(),
  prompt_tokens: maybeCount.optional(),
  output_tokens: count,
  completion_tokens: count,
  input_tokens_details: z
    .looseObject({
      cached_tokens: count,
      cache_write_tokens: count,
      cache_write_tokens_details: z
        .looseObject({ ttl_12h_tokens: maybeCount.optional() })
        .optional()
        .catch(undefined),
    })
    .catch({ cached_tokens: 0, cache_write_tokens: 0 }),
});

const Response = z.looseObject({
  status: text,
  output: list(Item),
  output_text: text,
  incomplete_details: z.looseObject({ reason: text }).optional().catch(undefined),
  error: z
    .looseObject({ code: z.string().nullable().catch(null), message: text })
    .nullable()
    .catch(null),
  usage: anything,
});

/** What one value of the stream tells, in order. A response that is sent whole tells everything. */
export function readEvents({ event: name, value }: Sent): readonly OpenAIEvent[] {
  if (!isObject(value)) return [];
  if (value["object"] === "response" && value["type"] === undefined) {
    return endOf("response.completed", value);
  }
  const type = textOf(value["type"]) || (name ?? "");
  if (/^response\.(?:completed|incomplete|failed|done)$/.test(type)) {
    return endOf(type, value["response"] ?? value);
  }
  return (READERS[type] ?? NOTHING)(value);
}

type Reader = (event: Event) => readonly OpenAIEvent[];
const NOTHING: Reader = () => [];

/** The item, and the part of it. */
const slotOf = (item: number | string | undefined, part: number | undefined): string =>
  `${item ?? 0}:${part ?? 0}`;

/** The item's place, or its id if it has none. */
const placeOf = ({ output_index: at, item_id: id }: Event): number | string | undefined =>
  indexOf(at) ?? (textOf(id) || undefined);

const slotOfEvent = (event: Event): string =>
  slotOf(placeOf(event), indexOf(event["content_index"]));

const said =
  (type: "text" | "thinking", whole: boolean, field: "delta" | "text"): Reader =>
  (event) => [{ type, slot: slotOfEvent(event), words: wordsOf(event[field]), whole }];

/** A part that is no text, such as a refusal or a thought, is told by its own events. */
const part =
  (whole: boolean): Reader =>
  (event) => {
    const { text: words } = contentText(event["part"]);
    return words === "" ? [] : [{ type: "text", slot: slotOfEvent(event), words, whole }];
  };

const item =
  (whole: boolean): Reader =>
  (event) => {
    const one = Item.safeParse(event["item"]).data;
    return one ? eventsOfItem(one, placeOf(event), whole) : [];
  };

const callPiece =
  (isWhole: boolean, field: "delta" | "arguments"): Reader =>
  (event) => [
    {
      type: "call",
      piece: {
        index: indexOf(event["output_index"]),
        id: textOf(event["item_id"]),
        name: textOf(event["name"]),
        arguments: argumentsOf(event[field]),
        isWhole,
      },
    },
  ];

const READERS: Readonly<Record<string, Reader>> = {
  "response.output_item.added": item(false),
  "response.output_item.done": item(true),
  "response.content_part.added": part(false),
  "response.content_part.done": part(true),
  "response.output_text.delta": said("text", false, "delta"),
  "response.output_text.done": said("text", true, "text"),
  "response.refusal.delta": () => [{ type: "refusal" }],
  "response.refusal.done": () => [{ type: "refusal" }],
  "response.reasoning_summary_text.delta": said("thinking", false, "delta"),
  "response.reasoning_text.delta": said("thinking", false, "delta"),
  "response.function_call_arguments.delta": callPiece(false, "delta"),
  "response.function_call_arguments.done": callPiece(true, "arguments"),
};

function eventsOfItem(
  one: Item,
  place: number | string | undefined,
  whole: boolean,
): readonly OpenAIEvent[] {
  if (/^(?:function|custom_tool)_call$/.test(one.type)) return [callOf(one, place, whole)];
  return one.type === "message" || one.type === "" ? messageOf(one, place ?? one.id) : [];
}

function callOf(one: Item, place: number | string | undefined, isWhole: boolean): OpenAIEvent {
  const args = argumentsOf(one.arguments ?? one.input);
  const id = one.id || one.call_id;
  return { type: "call", piece: { index: place, id, name: one.name, arguments: args, isWhole } };
}

function messageOf({ phase, content }: Item, place: number | string): readonly OpenAIEvent[] {
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
  const said = parts.flatMap((one, at): OpenAIEvent[] => {
    const { text: words, refusal } = contentText(one);
    if (refusal !== "") return [{ type: "refusal" }];
    return words === "" ? [] : [{ type: "text", slot: slotOf(place, at), words, whole: true }];
  });
  return phase === "commentary" ? [{ type: "commentary", item: String(place) }, ...said] : said;
}

function endOf(type: string, value: unknown): readonly OpenAIEvent[] {
  const response = Response.safeParse(value).data ?? Response.parse({});
  const items = response.output.flatMap((one, at) => eventsOfItem(one, at, true));
  const { output_text: words, error } = response;
  const isBare = response.output.length === 0 && words !== "";
  return [
    ...items,
    ...(isBare ? [{ type: "text", slot: slotOf(0, 0), words, whole: true } as const] : []),
    {
      type: "ended",
      how: {
        status: statusOf(type, response.status),
        reason: response.incomplete_details?.reason ?? "",
        error,
        usage: usageOf(response.usage),
      },
    },
  ];
}

function statusOf(type: string, status: string): Ended["status"] {
  if (type === "response.failed" || status === "failed") return "failed";
  return type === "response.incomplete" || status === "incomplete" ? "incomplete" : "completed";
}

function usageOf(value: unknown): TokenUsage | null {
  const counts = Counts.safeParse(value).data;
  const input = counts?.input_tokens ?? counts?.prompt_tokens;
  if (!counts || typeof input !== "number") return null;
  const details = counts.input_tokens_details;
  const long = details.cache_write_tokens_details?.ttl_12h_tokens;
  return {
    input,
    cached: details.cached_tokens,
    cacheWritten: details.cache_write_tokens,
    ...(typeof long === "number" && { cacheWrittenLong: long }),
    output: counts.output_tokens || counts.completion_tokens,
  };
}
