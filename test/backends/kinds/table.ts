import type { Kind as BackendName } from "../concessions/stage.ts";
import { BODIES } from "../odd-replies/bodies.ts";
import { KINDS as ODD } from "../odd-replies/kinds.ts";
import { contractTitle, oddTitle, refusalTitle } from "./titles.ts";

/** The title of the test, or why the kind cannot occur at that backend. */
type Cell = string | { readonly none: string };
type Row = Readonly<Record<BackendName, Cell>>;

function row(cell: (backend: BackendName) => Cell, own: Partial<Row> = {}): Row {
  return {
    openai: cell("openai"),
    compatible: cell("compatible"),
    anthropic: cell("anthropic"),
    gemini: cell("gemini"),
    ...own,
  };
}

const odd = (kind: string) =>
  row((name) => {
    const body = new Map<string, Cell>(Object.entries(BODIES[name])).get(kind);
    return typeof body === "object" ? body : oddTitle(name, kind);
  });
const refusal = (what: string, own: Partial<Row> = {}) =>
  row((kind) => refusalTitle(kind, what), own);
const contract = (title: string) => row((kind) => contractTitle(kind, title));
/** A test over all backends. */
const each = (title: string, own: Partial<Row> = {}) =>
  row((kind) => title.replace("%s", kind), own);
/** One test for what all backends share. */
const shared = each;
const none = (reason: string) => ({ none: reason });

const oddRows = Object.fromEntries(Object.keys(ODD).map((kind) => [kind, odd(kind)]));

const ballots: Readonly<Record<string, Row>> = {
  "a ballot that scored nothing": shared("is asked for once more, with what was wrong"),
  "scores as a JSON string": shared("as JSON text"),
  "scores as a record": shared("as a record"),
  "scores as lines of text": shared("as lines of text"),
  "scores with remarks": shared("with remarks"),
  "a ballot wrapped in arguments": shared("in arguments"),
  "a ballot in JSON text in arguments": shared("in JSON text in arguments"),
  "a ballot in a code block": shared("in a code block"),
  "a ballot sent twice": shared("sent twice"),
  "a vote for one answer alone": shared(
    "reads a vote for one answer alone, MassGen's way, as a 10 for it and 0 for the rest",
  ),
  "scores that nobody can read": shared(
    "takes anything a model may send without throwing, and lets no strange score through",
  ),
  "scores as letters and stars": shared("as letters and stars"),
  "labels as numbers": shared("as a number, in the order in which the answers were read"),
};

const concessions: Readonly<Record<string, Row>> = {
  "tools unsupported": refusal("no tools"),
  "tools unsupported: a ballot by a schema": each(
    "a model without tools votes in JSON by a schema at %s, as if it had called the tool",
  ),
  "tools and schemas unsupported: a ballot in plain JSON": each(
    "a model without tools and schemas votes in plain JSON at %s",
  ),
  "tools unsupported: an answer": each("a model without tools answers in plain text at %s"),
  "a forced call refused": refusal("no forced call"),
  "tool_choice refused": refusal("no tool_choice", {
    gemini: none("without a forced call, a request has no function calling config"),
  }),
  "parallel_tool_calls, strict and eager_input_streaming refused": refusal("no field of tools"),
  "no system or developer role": refusal("no system prompt"),
  "roles that must alternate": refusal("alternating roles", {
    compatible: "messages of several people become one, for templates that want roles to alternate",
    anthropic: "the body joins neighbours of one role, and marks stay where they were",
    gemini: "system sections are sent separately, and consecutive messages of one role joined",
  }),
  "max_tokens and its like refused or too large": refusal("an output limit"),
  "temperature refused": refusal("no sampling"),
  "reasoning refused": refusal("no reasoning", {
    gemini: refusalTitle("gemini", "no such level of reasoning"),
  }),
  "prompt_cache_key or cache_control refused": refusal("no cache fields", {
    compatible: "the cache life is left out with its mark where a gateway takes no marks at all",
    gemini: none("the cache is implicit, and no field names it"),
  }),
  "stream_options refused": refusal("no usage in streams", {
    openai: none("the last event has the usage unasked"),
    anthropic: none("the events have the usage unasked"),
    gemini: none("the events have the usage unasked"),
  }),
  "store refused": refusal("no storage field", {
    compatible: "a request has only the fields that every server knows",
    anthropic: none("the wire has no such field"),
    gemini: none("the wire has no such field"),
  }),
  "streaming refused in words that were reported": refusal("no streaming", {
    gemini: "gemini asks a server that cannot stream for whole replies",
  }),
  "streaming refused": each("%s asks a server that cannot stream for whole replies"),
  "web search refused": refusal("no web search", {
    compatible: none("the wire has no search of its own"),
  }),
  "images refused": refusal("no images"),
  "too many images": refusal("few images"),
  "PDFs refused": refusal("no documents"),
  "PDFs refused: their text": each("a PDF goes to %s as its text, fenced, and people are told"),
  "a broken image": each("a bad file is the only image that %s leaves out, now and later ($words)"),
  "a broken PDF": each("a bad file is the only PDF that %s leaves out, now and later ($words)"),
  "several quirks in one call": each("concessions follow one another in a call to %s, each once"),
  "a refusal with status 200": each(
    "concessions answer an error that comes from %s with status 200, $how",
  ),
  "a prompt that does not fit": each(
    "a prompt that does not fit is recognised in the words of $who, through %s",
  ),
};

const failures: Readonly<Record<string, Row>> = {
  "an answer cut by its limit": contract("cut by its limit says so, and keeps its text"),
  "a limit that left no answer": contract("of which the limit left nothing is an incomplete one"),
  "a stream that ends in mid-answer": contract(
    "by a stream that ends in mid-answer is an incomplete answer, not a short one",
  ),
  "an empty stream": contract("by an empty stream is incomplete"),
  "an error with status 200": each("%s reads an error with status 200 as %s, and nothing else"),
  "an error behind some text": each("%s reads an error with status 200 as %s, after some text"),
  "a status and its words": each("%s takes status %i for %s: %s"),
  "a wait that the provider asks for": contract("tells how long the provider asks to wait"),
  "a fallback for what another backend may have": shared(
    "the fallback takes over from a model that declines in its answer",
  ),
};

/** Each kind of quirk, and the test of each backend. */
export const TABLE: Readonly<Record<string, Row>> = {
  ...oddRows,
  ...ballots,
  ...concessions,
  ...failures,
};
