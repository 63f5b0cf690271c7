import { describe, expect, test } from "vitest";
import { createReplyFilter } from "../../../src/backends/reply-text/reply-filter.ts";
import { both, dripped, sum } from "./read.ts";

describe("thoughts in a text are thinking, not answer", () => {
  test.each([
    ["think", "<think>six sevens</think>42"],
    ["think on lines", "<think>\nsix sevens\n</think>\n\n42"],
    ["an empty thought before it", "<think>\n\n</think>\n<think>six sevens</think>\n42"],
    ["thinking", "<thinking>six sevens</thinking>42"],
    ["thought", "<thought>six sevens</thought>42"],
    ["thoughts", "<thoughts>six sevens</thoughts>42"],
    ["reasoning", "<reasoning>six sevens</reasoning>\n42"],
    ["Seed", "<seed:think>six sevens</seed:think>42"],
    ["capitals", "<THINK>six sevens</THINK>42"],
    ["attributes", '<think time="3s">six sevens</think>42'],
    ["Magistral", "[THINK]six sevens[/THINK]42"],
    ["Kimi VL", "◁think▷six sevens◁/think▷42"],
    [
      "OpenThinker",
      "<|begin_of_thought|>six sevens<|end_of_thought|><|begin_of_solution|>42<|end_of_solution|>",
    ],
    [
      "Command A",
      "<|START_THINKING|>six sevens<|END_THINKING|><|START_RESPONSE|>42<|END_RESPONSE|>",
    ],
    ["Gemma", "<|channel>thought\nsix sevens<channel|>42"],
    [
      "Kimi K3",
      "<|open|>think<|sep|>six sevens<|close|>think<|sep|><|open|>response<|sep|>42<|close|>response<|sep|>",
    ],
    [
      "gpt-oss",
      "<|channel|>analysis<|message|>six sevens<|end|><|start|>assistant<|channel|>final<|message|>42<|return|>",
    ],
    [
      "gpt-oss without ends",
      "<|channel|>analysis<|message|>six sevens<|channel|>final<|message|>42",
    ],
    [
      "gpt-oss with a preamble",
      "<|channel|>commentary<|message|>six sevens<|end|><|start|>assistant<|channel|>final <|constrain|>text<|message|>42",
    ],
    ["gpt-oss without its marks", "analysisWe need six sevens.assistantfinal42"],
    ["a lone end", "six sevens</think>42"],
    ["a lone end on a line", "six sevens\n</think>\n\n42"],
    ["a lone end in brackets", "six sevens[/THINK]42"],
    ["two ends", "<think>six sevens</think>hmm</think>42"],
    ["a mismatched end", "<thinking>six sevens</think>42"],
    ["a thought in mid-answer", "4<think>six sevens</think>2"],
    ["an end that never came", "42\n<think>six sevens"],
    ["a tag around the answer", "<think>six sevens</think>\n<answer>\n42\n</answer>"],
    ["a tag around the final answer", "<think>six sevens</think><final_answer>42</final_answer>"],
    ["an empty tag before it", "<think/><think>six sevens</think>42"],
    ["bars", "<|thinking|>six sevens<|/thinking|>42"],
    ["bars with an end", "<|think|>six sevens<|end_think|>42"],
    ["a scratchpad", "<scratchpad>six sevens</scratchpad>42"],
    ["a reflection", "<reflection>six sevens</reflection>42"],
    ["code in the thought", "<think>```\nsix sevens\n</think>42"],
  ])("%s", (_, text) => {
    const read = both(text);
    expect(read.text).toBe("42");
    expect(read.thinking).toMatch(/six sevens|hmm/);
  });

  test("thoughts never show before they are known, unless their beginning is missing", () => {
    expect(dripped("Hello <think>secret</think> world").shown).toBe("Hello  world");
    expect(dripped("<reasoning>secret</reasoning>V2").shown).toBe("V2");
    expect(dripped("R1</think>V1 <reasoning>SECRET</reasoning> V2").shown).toBe("R1V1  V2");
  });

  test("thoughts are taken back when their end comes without their beginning", () => {
    const filter = createReplyFilter();
    expect(filter.push("six sevens")).toEqual([{ type: "text", text: "six sevens" }]);
    expect(filter.push("</think>42")).toEqual([
      { type: "retracted" },
      { type: "text", text: "42" },
    ]);
  });

  test("thoughts leave nothing if no answer follows them", () => {
    expect(both("<think>six sevens").text).toBe("");
    expect(both("six sevens</think>").text).toBe("");
    expect(both("<|channel|>analysis<|message|>six sevens").text).toBe("");
  });

  test("thoughts do not swallow an answer that ends with a tag by mistake", () => {
    expect(both("<think>six sevens</think>42</think>").text).toBe("42");
  });

  test("thoughts that a server sends by themselves make a last tag a slip", () => {
    const filter = createReplyFilter();
    filter.noteThought();
    expect(sum([...filter.push("42</think>"), ...filter.end()]).text).toBe("42");
  });
});
