import { describe, expect, test } from "vitest";
import { both } from "./read.ts";

const vote = '{"name":"vote","arguments":{"scores":{"A":8}}}';
const voted = [{ name: "vote", arguments: '{"scores":{"A":8}}' }];

describe("a tool call in the text is a call", () => {
  test.each([
    ["Hermes, Qwen", `<tool_call>\n${vote}\n</tool_call>`],
    ["without its end", `<tool_call>\n${vote}`],
    ["behind a thought", `<think>hm</think>\n<tool_call>${vote}</tool_call>`],
    ["in a thought", `<think>hm <tool_call>${vote}</tool_call> ok</think>`],
    ["Mistral", `[TOOL_CALLS][${vote}]`],
    ["Mistral's newer form", '[TOOL_CALLS]vote[ARGS]{"scores":{"A":8}}'],
    ["Mistral without a mark", '[TOOL_CALLS]vote{"scores":{"A":8}}</s>'],
    ["Llama", '<|python_tag|>{"name":"vote","parameters":{"scores":{"A":8}}}<|eom_id|>'],
    ["Llama's tag", '<function=vote>{"scores":{"A":8}}</function>'],
    [
      "Qwen Coder",
      '<tool_call>\n<function=vote>\n<parameter=scores>\n{"A":8}\n</parameter>\n</function>\n</tool_call>',
    ],
    [
      "GLM",
      '<tool_call>vote\n<arg_key>scores</arg_key>\n<arg_value>{"A":8}</arg_value>\n</tool_call>',
    ],
    [
      "MiniMax",
      '<minimax:tool_call><invoke name="vote"><parameter name="scores">{"A":8}</parameter></invoke></minimax:tool_call>',
    ],
    [
      "Claude",
      '<function_calls><invoke name="vote"><parameter name="scores">{"A":8}</parameter></invoke></function_calls>',
    ],
    ["a lone invoke", '<invoke name="vote"><parameter name="scores">{"A":8}</parameter></invoke>'],
    [
      "DeepSeek 3.2",
      '<｜DSML｜function_calls><｜DSML｜invoke name="vote"><｜DSML｜parameter name="scores" string="false">{"A":8}</｜DSML｜parameter></｜DSML｜invoke></｜DSML｜function_calls>',
    ],
    [
      "DeepSeek V4's bars",
      '<｜｜DSML｜｜tool_calls><｜｜DSML｜｜invoke name="vote"><｜｜DSML｜｜parameter name="scores">{"A":8}</｜｜DSML｜｜parameter></｜｜DSML｜｜invoke></｜｜DSML｜｜tool_calls>',
    ],
    [
      "DeepSeek R1",
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>vote\n```json\n{"scores":{"A":8}}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    ],
    [
      "DeepSeek 3.1",
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>vote<｜tool▁sep｜>{"scores":{"A":8}}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    ],
    ["gpt-oss without its marks", 'commentary to=vote json{"scores":{"A":8}}'],
    [
      "gpt-oss",
      '<|channel|>commentary to=vote <|constrain|>json<|message|>{"scores":{"A":8}}<|call|>',
    ],
    [
      "gpt-oss with the recipient first",
      '<|start|>assistant to=vote<|channel|>commentary json<|message|>{"scores":{"A":8}}<|call|>',
    ],
    [
      "Kimi K3",
      '<|open|>tools<|sep|><|open|>call tool="vote"<|sep|><|open|>argument key="scores" type="object"<|sep|>{"A":8}<|close|>argument<|sep|><|close|>call<|sep|><|close|>tools<|sep|>',
    ],
    ["Nemotron", `<TOOLCALL>[${vote}]</TOOLCALL>`],
    [
      "OpenAI's own shape",
      '<tool_call>{"type":"function","function":{"name":"vote","arguments":"{\\"scores\\":{\\"A\\":8}}"}}</tool_call>',
    ],
  ])("%s", (_, text) => {
    const read = both(text);
    expect(read.calls).toEqual(voted);
    expect(read.text).toBe("");
    expect(read.shown.trim()).toBe("");
  });

  test("a tool call in the text with Kimi's names", () => {
    const text =
      '<|tool_calls_section_begin|>\n<|tool_call_begin|>functions.vote:0\n<|tool_call_argument_begin|>{"scores":{"A":8}}\n<|tool_call_end|>\n<|tool_calls_section_end|>';
    expect(both(text).calls).toEqual([
      { name: "functions.vote:0", arguments: '{"scores":{"A":8}}' },
    ]);
  });

  test("a tool call in the text that breaks off is a broken call, not an answer", () => {
    const read = both('<tool_call>{"name":"vote","arguments":{"scores":{"A"');
    expect(read.text).toBe("");
    expect(read.calls).toMatchObject([{ name: "vote" }]);
  });

  test("a tool call in the text leaves the words before and behind it", () => {
    const read = both(`Let me vote.\n<tool_call>${vote}</tool_call>\nDone.`);
    expect(read.text).toBe("Let me vote.\n\nDone.");
    expect(read.calls).toEqual(voted);
  });
});
