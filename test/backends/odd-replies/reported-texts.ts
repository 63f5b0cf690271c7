import { answered, claude, claudeEnd, end, named, texts, type Reported } from "./reported.ts";

/** Reports about texts, thoughts and leaked marks. */
export const REPORTED_TEXTS: readonly Reported[] = [
  {
    report: "BerriAI/litellm#30014: the first text stands in the block's start",
    backend: "anthropic",
    body: claude(
      named("content_block_start", { index: 0, content_block: { type: "text", text: "Hi" } }),
      named("content_block_delta", { index: 0, delta: { type: "text_delta", text: " there" } }),
      claudeEnd,
    ),
    outcome: answered("Hi there", { usage: { input: 9, output: 76 } }),
  },
  {
    report: "BerriAI/litellm#30765: so it does behind a thinking block",
    backend: "anthropic",
    body: claude(
      named("content_block_start", {
        index: 1,
        content_block: { type: "thinking", thinking: "Hm" },
      }),
      named("content_block_stop", { index: 1 }),
      named("content_block_start", { index: 2, content_block: { type: "text", text: "FINAL: " } }),
      named("content_block_delta", { index: 2, delta: { type: "text_delta", text: "ABC" } }),
      claudeEnd,
    ),
    outcome: answered("FINAL: ABC", { thinking: "Hm" }),
  },
  {
    report: "BerriAI/litellm#28067: the block's start has no text",
    backend: "anthropic",
    body: claude(
      named("content_block_start", { index: 0, content_block: { type: "text" } }),
      named("content_block_delta", { index: 0, delta: { text: "Hi" } }),
      claudeEnd,
    ),
    outcome: answered("Hi"),
  },
  {
    report: "karthink/gptel#1331: the last usage has no input tokens",
    backend: "anthropic",
    body: claude(named("content_block_delta", { index: 0, delta: { text: "Hi" } }), claudeEnd),
    outcome: { usage: { input: 9, output: 76 } },
  },
  {
    report: "farion1231/cc-switch#7390: the message starts without content",
    backend: "anthropic",
    body:
      named("message_start", { message: {} }) +
      named("content_block_delta", { index: 0, delta: { text: "Hi" } }) +
      claudeEnd,
    outcome: answered("Hi"),
  },
  {
    report: "nbramia/LifeOS#568: only the end of the thoughts is marked, and cut by the network",
    backend: "compatible",
    body: texts("internal", " reasoning</thi", "nk>answer") + end(),
    outcome: answered("answer", { thinking: "internal reasoning" }),
  },
  {
    report: "youssofal/MTPLX#149: a long tag is cut by the network",
    backend: "compatible",
    body: texts("R1</think>V1 <reasoni", "ng>SECRET</reasoning> V2") + end(),
    outcome: answered("V1  V2"),
  },
  {
    report: "bytedance/deer-flow#3217: an open thought in the preview",
    backend: "compatible",
    body: texts("<think>", "step by", " step", "</think>", "done") + end(),
    outcome: answered("done", { thinking: "step by step" }),
  },
  {
    report: "continuedev/continue#6621: Ollama's own API, line by line",
    backend: "compatible",
    body:
      ["<think>", "\n", "Okay", "</think>", "Hi"]
        .map((content) =>
          JSON.stringify({
            model: "qwen3:8b",
            message: { role: "assistant", content },
            done: false,
          }),
        )
        .join("\n") +
      `\n{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":12,"eval_count":3}\n`,
    outcome: answered("Hi", { thinking: "Okay", usage: { input: 12, output: 3 } }),
  },
  {
    report: "Augustas11/macprovider#743: gpt-oss's channels without their marks",
    backend: "compatible",
    body:
      texts(
        'analysisWe need to answer "What is 2+2?" The answer is "four". And nothing else.',
        "assistant",
        "final",
        "four",
      ) + end(),
    outcome: answered("four"),
  },
  {
    report: "ggml-org/llama.cpp#15181: gpt-oss's channels with reasoning_format none",
    backend: "compatible",
    body:
      texts(
        "<|channel|>analysis<|message|>2+2<|end|>",
        "<|start|>assistant<|channel|>final<|message|>4",
      ) + end(),
    outcome: answered("4", { thinking: "2+2" }),
  },
  {
    report: "tenstorrent/tt-inference-server#2157: a reply that begins with an end mark",
    backend: "compatible",
    body: texts("<|EOT|>", "42") + end(),
    outcome: answered("42"),
  },
  {
    report: "NVIDIA/TensorRT-LLM#425: end marks up to the limit",
    backend: "compatible",
    body: texts("It was Texas.", "</s></s>", "</s></s></s>") + end("length"),
    outcome: { text: "It was Texas.", finish: "length" },
  },
];
