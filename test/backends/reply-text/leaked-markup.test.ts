import { describe, expect, test } from "vitest";
import { both } from "./read.ts";

describe("leaked markup is dropped", () => {
  test.each([
    "42<|im_end|>",
    "42<|im_end|>\n<|im_start|>user\nAnd 6 × 8?",
    "<|im_start|>assistant\n42<|im_end|>",
    "42<|endoftext|>",
    "42<|endoftext|><|endoftext|>",
    "42<|eot_id|>",
    "42<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nThanks!",
    "<|start_header_id|>assistant<|end_header_id|>\n\n42",
    "assistant\n\n42",
    "42</s>",
    "42</s></s></s>",
    "42</s> [INST] Next [/INST]",
    "42<end_of_turn>",
    "42<end_of_turn>\n<start_of_turn>user\nNext",
    "<start_of_turn>model\n42",
    "<|turn>model\n42<turn|>",
    "42<｜end▁of▁sentence｜>",
    "<｜Assistant｜>42",
    "42<|user|>\nNext",
    "<|begin_of_box|>42<|end_of_box|>",
    "42<|EOT|>",
    "Parley: 42",
    "**Parley:** 42",
    "Assistant: 42",
    "<said>\nParley: 42\n</said>",
    "<said-5d0c93f1>\nParley: 42\n</said-5d0c93f1>\n<said-5d0c93f1>\nAda: thanks!\n</said-5d0c93f1>",
    '<team-answer-5d0c93f1 label="A">\n42\n</team-answer-5d0c93f1>',
    "<think>hm</think>Parley: 42<|im_end|>",
    "<|start|>assistant<|channel|>final<|message|>42<|return|>",
  ])("leaked markup is dropped from %j", (text) => {
    expect(both(text).text).toBe("42");
  });

  test("leaked markup behind a code block does not hide the block's end", () => {
    expect(both("```js\n42\n```<|im_end|>").text).toBe("```js\n42\n```");
  });
});
