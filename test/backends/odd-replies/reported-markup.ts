import { chat, end, named, type Reported } from "./reported.ts";

const VOTE = '{"reason":"a"}';
const vote = { name: "vote", arguments: { reason: "a" } };
const text = (content: string) =>
  chat(...(content.match(/[^]{1,6}/g) ?? []).map((one) => ({ content: one }))) + end();

/** Reports about tool calls that a server left in the text. */
export const REPORTED_MARKUP: readonly Reported[] = [
  {
    report: "cline/cline#12979: Kimi's markers in the text",
    backend: "compatible",
    body: text(
      `<|tool_calls_section_begin|>\n<|tool_call_begin|>vote\n<|tool_call_argument_begin|>${VOTE}\n<|tool_call_end|>\n<|tool_calls_section_end|>`,
    ),
    outcome: { text: "", calls: [vote], finish: "tool" },
  },
  {
    report: "vllm-project/vllm#31207: Kimi's markers without a section",
    backend: "compatible",
    body: text(`I vote.<|tool_call_begin|> vote {"reason":"a"} <|tool_call_end|>`),
    outcome: { text: "I vote.", calls: [vote] },
  },
  {
    report: "getsigit/sigit#92: Kimi K3's channels in the text",
    backend: "compatible",
    body: text(
      '<|open|>response<|sep|>Voting.<|close|>response<|sep|><|open|>tools<|sep|><|open|>call tool="vote"<|sep|><|open|>argument key="reason" type="string"<|sep|>a<|close|>argument<|sep|><|close|>call<|sep|><|close|>tools<|sep|>',
    ),
    outcome: { text: "Voting.", calls: [vote] },
  },
  {
    report: "NousResearch/hermes-agent#119261: DeepSeek's DSML in the text",
    backend: "compatible",
    body: text(
      '<｜DSML｜tool_calls> <｜DSML｜invoke name="vote"> <｜DSML｜parameter name="reason" string="true">a</｜DSML｜parameter> </｜DSML｜invoke> </｜DSML｜tool_calls>',
    ),
    outcome: { text: "", calls: [vote] },
  },
  {
    report: "lsdefine/GenericAgent#804: DSML that the network cuts",
    backend: "compatible",
    body:
      chat(
        { content: "hello<‖DS" },
        {
          content:
            'ML‖tool_calls><‖DSML‖invoke name="vote"><‖DSML‖parameter name="reason">a</‖DSML‖parameter></‖DSML‖invoke></‖DSML‖tool_calls>',
        },
      ) + end(),
    outcome: { text: "hello", calls: [vote] },
  },
  {
    report: "HKUDS/DeepTutor#799: DSML through the Messages API",
    backend: "anthropic",
    body:
      named("content_block_start", { index: 0, content_block: { type: "text", text: "" } }) +
      named("content_block_delta", {
        index: 0,
        delta: {
          type: "text_delta",
          text: 'Great job! <｜DSML｜function_calls><｜DSML｜invoke name="vote"><｜DSML｜parameter name="reason">a</｜DSML｜parameter>',
        },
      }) +
      named("content_block_delta", {
        index: 0,
        delta: { type: "text_delta", text: "</｜DSML｜invoke></｜DSML｜function_calls>" },
      }) +
      named("message_delta", { delta: { stop_reason: "end_turn" } }) +
      named("message_stop"),
    outcome: { text: "Great job!", calls: [vote], finish: "tool" },
  },
  {
    report: "ggml-org/llama.cpp#15012: Qwen Coder's tags in the text",
    backend: "compatible",
    body: text(
      "<tool_call>\n<function=vote>\n<parameter=reason>\na\n</parameter>\n</function>\n</tool_call>",
    ),
    outcome: { text: "", calls: [vote] },
  },
  {
    report: "raullenchai/Rapid-MLX#480: gpt-oss's commentary without its marks",
    backend: "compatible",
    body: text('commentary to=functions.vote json{"reason":"a"}'),
    outcome: { text: "", calls: [{ name: "functions.vote", arguments: { reason: "a" } }] },
  },
  {
    report: "kekzl/imp#1716: gpt-oss's call in a channel",
    backend: "compatible",
    body: text(
      '<|channel|>analysis<|message|>Vote.<|end|><|start|>assistant<|channel|>commentary to=functions.vote <|constrain|>json<|message|>{"reason":"a"}<|call|>',
    ),
    outcome: {
      text: "",
      thinking: "Vote.",
      calls: [{ name: "functions.vote", arguments: { reason: "a" } }],
    },
  },
];
