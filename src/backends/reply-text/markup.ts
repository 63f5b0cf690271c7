/** What a piece of markup means when a model leaks it into its text. */
export type Markup =
  /** A thought begins; `closer` matches its end. */
  | { readonly kind: "thought"; readonly closer: RegExp }
  /** A thought ends whose beginning the chat template wrote, or that was never opened. */
  | { readonly kind: "thought-end" }
  /** A tool call begins; `closer` matches its end; null: the text's end. `certain`: nothing else looks like it. */
  | { readonly kind: "call"; readonly closer: RegExp | null; readonly certain: boolean }
  /** gpt-oss: `<|channel|>analysis<|message|>`. */
  | { readonly kind: "channel" }
  /** The header of the next message follows: `<|im_start|>`, `<start_of_turn>`. */
  | { readonly kind: "role" }
  /** The next message begins, and this is its role. */
  | { readonly kind: "next"; readonly isOwn: boolean }
  /** Strikethrough in HTML, and the end of a text for Llama and Mistral. */
  | { readonly kind: "eos" }
  /** A tag of Parley's own prompts. */
  | { readonly kind: "fence"; readonly closes: boolean }
  /** Around an answer that follows a thought: `<answer>`. */
  | { readonly kind: "wrapper"; readonly closes: boolean }
  /** To be dropped. */
  | { readonly kind: "token" };

export interface Found {
  readonly markup: Markup;
  /** UTF-16 code units. */
  readonly length: number;
}

const THOUGHT =
  "think(?:ing)?|thoughts?|reasoning|seed:think|antml:thinking|mm:think|antthinking|longcat_think|inner_?monologue|scratchpad|reflection|chain_of_thought|internal_reasoning";
const THOUGHT_END = new RegExp(`</\\s*(?:${THOUGHT})\\s*>`, "i");
/** The end of a message of gpt-oss. */
export const CLOSES_CHANNEL = /<\|(?:end|return|call)\|>|(?=<\|(?:start|channel)\|>)/;

const thought = (closer: RegExp): Markup => ({ kind: "thought", closer });
const call = (closer: RegExp | null, certain = true): Markup => ({ kind: "call", closer, certain });
const TOKEN: Markup = { kind: "token" };

/** The first row that matches holds. A row's `[|｜‖]` are the bars of different tokenizers. */
const TABLE: readonly (readonly [pattern: RegExp, markup: Markup])[] = [
  [new RegExp(`^<(?:${THOUGHT})(?:\\s(?:[^<>]*[^<>/])?)?>`, "i"), thought(THOUGHT_END)],
  [new RegExp(`^</\\s*(?:${THOUGHT})\\s*>`, "i"), { kind: "thought-end" }],
  [new RegExp(`^<(?:${THOUGHT})\\s*/>`, "i"), TOKEN],
  [
    /^<\|(?:think|thinking|reasoning)\|>/,
    thought(/<\|\/?(?:end_)?(?:think|thinking|reasoning)\|>/),
  ],
  [/^<\|(?:\/|end_)(?:think|thinking|reasoning)\|>/, { kind: "thought-end" }],
  [/^\[THINK\]/, thought(/\[\/THINK\]/)],
  [/^\[\/THINK\]/, { kind: "thought-end" }],
  [/^◁think▷/, thought(/◁\/think▷/)],
  [/^◁\/think▷/, { kind: "thought-end" }],
  [/^<\|begin_of_thought\|>/, thought(/<\|end_of_thought\|>/)],
  [/^<\|START_THINKING\|>/, thought(/<\|END_THINKING\|>/)],
  [/^<\|(?:end_of_thought|END_THINKING)\|>/, { kind: "thought-end" }],
  // Gemma 4 and Kimi K3.
  [/^<\|channel>(?:thought|analysis)\n?/, thought(/<channel\|>/)],
  [/^<\|open\|>think<\|sep\|>/, thought(/<\|close\|>think<\|sep\|>/)],
  [/^<\|open\|>tools<\|sep\|>/, call(/<\|close\|>tools<\|sep\|>/)],
  [/^<\|(?:open|close)\|>(?:response|message)<\|sep\|>/, TOKEN],
  [/^<\|channel\|>/, { kind: "channel" }],
  [/^<tool_calls?>/i, call(/<\/tool_calls?>/i, false)],
  [/^<(?:TOOLCALL|toolcall)>/, call(/<\/(?:TOOLCALL|toolcall)>/)],
  [/^<(?:function_calls?|functioncall)>/i, call(/<\/(?:function_calls?|functioncall)>/i, false)],
  [
    /^<(?:minimax|antml):(?:tool_call|function_calls)>/,
    call(/<\/(?:minimax|antml):(?:tool_call|function_calls)>/),
  ],
  [/^<(?:antml:)?invoke\s+name=[^<>]*>/, call(/<\/(?:antml:)?invoke>/)],
  [/^<function=[^<>\n]*>/, call(/<\/function>/)],
  [
    /^<[|｜‖]{1,2}\s?DSML\s?[|｜‖]{1,2}\s?(?:function_calls|tool_calls)\s?>/,
    call(/<\/[|｜‖]{1,2}\s?DSML\s?[|｜‖]{1,2}\s?(?:function_calls|tool_calls)\s?>/),
  ],
  [
    /^<[|｜‖]{1,2}\s?DSML\s?[|｜‖]{1,2}\s?invoke[^<>]*>/,
    call(/<\/[|｜‖]{1,2}\s?DSML\s?[|｜‖]{1,2}\s?invoke\s?>/),
  ],
  [/^<\/?[|｜‖]{1,2}\s?DSML\s?[|｜‖]{1,2}[^<>]*>/, TOKEN],
  [
    /^<[|｜]tool[_▁]calls(?:_section)?[_▁]begin[|｜]>/,
    call(/<[|｜]tool[_▁]calls(?:_section)?[_▁]end[|｜]>/),
  ],
  [/^<[|｜]tool[_▁]call[_▁]begin[|｜]>/, call(/<[|｜]tool[_▁]call[_▁]end[|｜]>/)],
  [/^<\|python_tag\|>/, call(/<\|e(?:om|ot)_id\|>/)],
  [/^<\|action_start\|>/, call(/<\|action_end\|>/)],
  [/^<\|tool_call>/, call(/<tool_call\|>/)],
  [
    /^<\|tool_calls?\|>/,
    call(/<\|\/?(?:tool_calls?|end_tool_call|eot_id|end|im_end|end_of_text)\|>/),
  ],
  [/^\[TOOL_CALLS?\]/, call(/<\/s>/)],
  [/^<\|(?:im_start|start_header_id|start|turn|role_start)\|>/, { kind: "role" }],
  [/^(?:<start_of_turn>|<\|turn>)/, { kind: "role" }],
  [/^<[|｜](?:assistant|ASSISTANT|Assistant|CHATBOT_TOKEN)[|｜]>/, { kind: "next", isOwn: true }],
  [
    /^<[|｜](?:user|User|human|system|observation|tool|USER_TOKEN)[|｜]>/,
    { kind: "next", isOwn: false },
  ],
  [/^\[INST\]/, { kind: "next", isOwn: false }],
  [/^<\/s>/, { kind: "eos" }],
  [
    /^<\/(?:said|team-answer|team-remark|your-reply)(?:-[0-9a-f]{4,})?>/,
    { kind: "fence", closes: true },
  ],
  [
    /^<(?:said|team-answer|team-remark|your-reply)(?:-[0-9a-f]{4,})?(?:\s[^<>]*)?>/,
    { kind: "fence", closes: false },
  ],
  [/^<(?:answer|final_answer|final|response|output)>/i, { kind: "wrapper", closes: false }],
  [/^<\/(?:answer|final_answer|final|response|output)>/i, { kind: "wrapper", closes: true }],
  [/^(?:<end_of_turn>|<turn\|>|<channel\|>|<eos>|<bos>|<unused\d+>|\[\/INST\])/, TOKEN],
  [/^<\|[A-Za-z][\w ]{0,40}\|>/, TOKEN],
  [/^<｜[^｜<>\n]{1,40}｜>/, TOKEN],
];

/** What may still become one of them: a tag without its end. */
const UNFINISHED = [
  /^<[/|｜‖]{0,3}[\w:=▁|｜‖. /-]{0,60}$/,
  /^<\/?[\w:-]+(?:=|\s)[^<>\n]{0,200}$/,
  /^\[\/?[A-Z_]{0,11}$/,
  /^◁\/?[a-z]{0,5}$/,
  /^<\|channel>\w{0,9}$/,
  /^<\|(?:open|close)\|>\w*(?:<(?:\|\w*)?)?\|?$/,
];

/** The markup that `text` begins with; null: none; `wait`: the next piece of the stream decides. */
export function findMarkup(text: string, isWhole: boolean): Found | "wait" | null {
  if (!isWhole && UNFINISHED.some((pattern) => pattern.test(text.slice(0, 300)))) return "wait";
  for (const [pattern, markup] of TABLE) {
    const length = pattern.exec(text)?.[0].length ?? 0;
    if (length > 0) return { markup, length };
  }
  return null;
}

/** Starts of calls that models also write within their thoughts. */
export const CALL_IN_THOUGHT =
  /<tool_call>\s*(?=[{<])|<[|｜]tool[_▁]calls(?:_section)?[_▁]begin[|｜]>|<minimax:tool_call>|<function=[\w.:-]+>/;
