import { jsonValues, parseLoosely } from "./json-values.ts";
import { trimEndOf } from "../../text/trim-end-of.ts";

/** A tool call as the model meant it. `arguments` is JSON text, if it could be read. */
export interface WrittenCall {
  readonly name: string;
  readonly arguments: string;
}

export interface WrittenCalls {
  readonly calls: readonly WrittenCall[];
  /** What follows the calls. */
  readonly rest: string;
}

type Reader = (text: string) => readonly WrittenCall[];

/** Reads the calls in the markup of any model family. Null: there is none in it. */
export function readCalls(markup: string): WrittenCalls | null {
  const text = plainMarks(markup);
  for (const read of [readSections, readInvocations, readFunctions, readXtml, readPairs]) {
    const calls = read(text);
    if (calls.length > 0) return { calls, rest: "" };
  }
  return readJson(text) ?? readBroken(text);
}

/** The bars and underscores of DeepSeek's tokens, and the prefix of its newer tags, in ASCII. */
const plainMarks = (text: string): string =>
  text
    .replace(/<(\/?)[|｜‖]{1,2}\s?DSML\s?[|｜‖]{1,2}\s?/g, "<$1")
    .replace(
      /<[|｜]([^<>|｜\n]{1,40})[|｜]>/g,
      (_, name: string) => `<|${name.replaceAll("▁", "_")}|>`,
    );

// No two neighbours in these patterns match the same character: a long run of blanks would take the square of its length, or more.

/** Kimi and DeepSeek: name, separator, arguments. */
const readSections: Reader = (text) =>
  Array.from(
    text.matchAll(
      /<\|tool_call_begin\|>(?:\s*function\s*<\|tool_sep\|>)?\s*([^<{\s][^<\n{]*)(?:(?:\n\s*)?<\|(?:tool_call_argument_begin|tool_sep)\|>|\n|(?=\{))([^]*?)(?:<\|tool_call_end\|>|(?=<\|tool_call_begin\|>)|$)/g,
    ),
    ([, name = "", args = ""]) => ({ name: name.trim(), arguments: unfenced(args) }),
  );

const unfenced = (text: string): string =>
  text
    .trim()
    .replace(/^```\w*\n?/, "")
    .replace(/```$/, "")
    .replace(/<\|tool_calls?(?:_section)?_end\|>$/, "")
    .trim();

/** Claude, MiniMax and DeepSeek: <invoke name="…"><parameter name="…">. */
const readInvocations: Reader = (text) =>
  Array.from(
    text.matchAll(
      /<(?:antml:)?invoke\s+name\s*=\s*(?:["']\s*)?([^"'<>\s][^"'<>]*)(?:["']\s*)?>([^]*?)(?:<\/(?:antml:)?invoke>|$)/g,
    ),
    ([, name = "", body = ""]) => ({
      name: name.trim(),
      arguments: argumentsIn(
        body,
        /<(?:antml:)?parameter\s+name\s*=\s*["']?([^"'<>\s]+)(?:["'\s][^<>]*)?>([^]*?)(?:<\/(?:antml:)?parameter>|(?=<(?:antml:)?parameter\s)|$)/g,
      ),
    }),
  );

/** Qwen and Llama: <function=…>, with parameters as tags or JSON. */
const readFunctions: Reader = (text) =>
  Array.from(
    text.matchAll(
      /<function=\s*(?:["']\s*)?([^"'<>\s][^"'<>\n]*)(?:["'\n]\s*)?>([^]*?)(?:<\/function>|$)/g,
    ),
    ([, name = "", body = ""]) => ({
      name: name.trim(),
      arguments: argumentsIn(
        body,
        /<parameter=\s*["']?([^"'<>\s]+)["']?\s*>([^]*?)(?:<\/parameter>|(?=<parameter=)|$)/g,
      ),
    }),
  );

/** Kimi K3. */
const readXtml: Reader = (text) =>
  Array.from(
    text.matchAll(/<\|open\|>call\s([^<>]*)<\|sep\|>([^]*?)(?:<\|close\|>call<\|sep\|>|$)/g),
    ([, head = "", body = ""]) => ({
      name: /(?:tool|name)="([^"]*)"/.exec(head)?.[1] ?? "",
      arguments: argumentsIn(
        body,
        /<\|open\|>argument\s[^<>]{0,200}key="([^"]{0,200})"[^<>]{0,200}<\|sep\|>([^]*?)(?:<\|close\|>argument<\|sep\|>|(?=<\|open\|>argument\s)|$)/g,
      ),
    }),
  );

/** GLM: the name, then keys and values. */
const readPairs: Reader = (text) =>
  Array.from(
    text.matchAll(/<tool_call>\s*([\w.:-]+)\s*(<arg_key>[^]*?)(?:<\/tool_call>|$)/g),
    ([, name = "", body = ""]) => ({
      name: name.trim(),
      arguments: argumentsIn(
        body,
        /<arg_key>([^<]*)<\/arg_key>\s*<arg_value>([^]*?)(?:<\/arg_value>|(?=<arg_key>)|$)/g,
      ),
    }),
  );

/** JSON of the pairs that match, or the JSON that stands in their place. */
function argumentsIn(body: string, pairs: RegExp): string {
  const entries = Array.from(
    body.matchAll(pairs),
    ([, key = "", value = ""]) => [key.trim(), valueOf(value)] as const,
  );
  return entries.length > 0 ? JSON.stringify(Object.fromEntries(entries)) : unfenced(body) || "{}";
}

function valueOf(text: string): unknown {
  const bare = text.trim();
  if (!/^[{[]/.test(bare)) return bare;
  return parseLoosely(bare) ?? bare;
}

/** With what stands between it and its arguments. */
const LONGEST_NAME = 200;

/** Hermes, Mistral, Llama and others: JSON that names its tool, or a name before JSON. */
function readJson(text: string): WrittenCalls | null {
  const values = jsonValues(
    text.replace(/\[(?:TOOL_CALLS?|ARGS|CALL_ID)\]/g, (mark) => " ".repeat(mark.length)),
  );
  const calls = values.flatMap(({ value, start }) => {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    const named = items.flatMap((item) => callOf(item) ?? []);
    const name = nameBefore(text.slice(Math.max(0, start - LONGEST_NAME), start));
    if (named.length > 0 || name === "") return named;
    return [{ name: name.replace(/^call:/, ""), arguments: JSON.stringify(value) }];
  });
  const last = values.at(-1);
  if (calls.length === 0 || !last) return null;
  return {
    calls,
    rest: text
      .slice(last.end)
      .replace(/<\/?[|\w:]*\|?>|^\s*\)/g, "")
      .trim(),
  };
}

/** The name in `vote`, `vote(`, `vote[ARGS]` or `vote[CALL_ID]a1[ARGS]` at the end of a text; "": none. */
function nameBefore(head: string): string {
  const called = head.trimEnd().replace(/\($/, "").trimEnd();
  const marked = called.replace(/\[ARGS\]$/, "").replace(/\[CALL_ID\][^[\]]*$/, "");
  const named = marked.trimEnd();
  return named.slice(trimEndOf(named, /[\w.:-]/).length).replace(/^[^A-Za-z_]+/, "");
}

const NAME_KEYS = [
  "name",
  "tool_name",
  "tool",
  "function_name",
  "function",
  "recipient_name",
  "action",
];
const ARGUMENT_KEYS = [
  "arguments",
  "parameters",
  "args",
  "input",
  "tool_input",
  "params",
  "kwargs",
];

/** A JSON object that names a tool. */
export function callOf(value: unknown): WrittenCall | null {
  if (!isRecord(value)) return null;
  const inner = value["function"];
  const holder = isRecord(inner) ? inner : value;
  const name = NAME_KEYS.map((key) => holder[key]).find((found) => typeof found === "string");
  const args = ARGUMENT_KEYS.map((key) => holder[key]).find((found) => found !== undefined);
  if (typeof name !== "string" || args === undefined) return null;
  return { name, arguments: typeof args === "string" ? args : JSON.stringify(args) };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A call that breaks off, or is no JSON: it is still no answer. */
function readBroken(text: string): WrittenCalls | null {
  const body = text.replace(/^(?:<[^<>]*>|\[TOOL_CALLS?\])\s*/, "");
  if (!/^[{[]|^[\w.:-]+\s*[{[<(\n]/.test(body)) return null;
  const name =
    /"(?:name|tool|tool_name)"\s*:\s*"([^"]*)"/.exec(body)?.[1] ??
    /^[\w.:-]+/.exec(body)?.[0] ??
    "";
  return { calls: [{ name, arguments: body.trim() }], rest: "" };
}
