import { frame } from "../../servers/model-wire.ts";
import { answered, chat, end, gemini, named, texts, type Reported } from "./reported.ts";

/** Reports about events that are missing, doubled, or take another form. */
export const REPORTED_STREAMS: readonly Reported[] = [
  {
    report: "agentgateway/agentgateway#3326: the completed response is empty",
    backend: "openai",
    body:
      named("response.output_text.delta", { delta: "Hi" }) +
      named("response.completed", { response: { output: [] } }),
    outcome: answered("Hi"),
  },
  {
    report: "QuantumNous/new-api#4362: everything is told three times, then the response is empty",
    backend: "openai",
    body:
      named("response.output_text.delta", { output_index: 0, delta: "Hi" }) +
      named("response.output_text.done", { output_index: 0, text: "Hi" }) +
      named("response.output_item.done", {
        output_index: 0,
        item: { type: "message", content: [{ type: "output_text", text: "Hi" }] },
      }) +
      named("response.completed", { response: { output: [] } }),
    outcome: answered("Hi"),
  },
  {
    report: "Sophomoresty/gemini-web2api#57: only output_text.done and completed",
    backend: "openai",
    body:
      named("response.created", { response: {} }) +
      named("response.output_text.done", { text: "Hi" }) +
      named("response.completed", { response: {} }),
    outcome: answered("Hi"),
  },
  {
    report: "Soju06/codex-lb#504: only output_item.done",
    backend: "openai",
    body:
      named("response.output_item.done", {
        item: { type: "message", content: [{ type: "output_text", text: "Hi" }] },
      }) +
      named("response.completed", { response: { usage: { input_tokens: 5, output_tokens: 1 } } }),
    outcome: answered("Hi", { usage: { input: 5, output: 1 } }),
  },
  {
    report: "su-kaka/gcli2api#403: every chunk says stop",
    backend: "compatible",
    body:
      frame({ choices: [{ delta: { reasoning_content: "17*23" }, finish_reason: "stop" }] }) +
      frame({ choices: [{ delta: { content: "436" }, finish_reason: "stop" }] }) +
      "data: [DONE]\n\n",
    outcome: answered("436", { thinking: "17*23" }),
  },
  {
    report: "songquanpeng/one-api#1299: finish_reason stays null",
    backend: "compatible",
    body: frame({
      choices: [
        {
          delta: {
            content: "，由 Google 训练。",
            function_call: null,
            role: null,
            tool_calls: null,
          },
          finish_reason: null,
          index: 0,
          logprobs: null,
        },
      ],
      system_fingerprint: null,
      usage: null,
    }),
    outcome: answered("，由 Google 训练。"),
  },
  {
    report: "alfredapp/openai-workflow#52: no finish reason, usage in every chunk",
    backend: "compatible",
    body:
      ["我可", "以帮你。"]
        .map((content, at) =>
          frame({
            choices: [{ index: 0, delta: { content } }],
            usage: { prompt_tokens: 1061, completion_tokens: 22 + at, total_tokens: 1083 + at },
            processes: {},
          }),
        )
        .join("") + "data: [DONE]\n\n",
    outcome: answered("我可以帮你。", { usage: { input: 1061, output: 23 } }),
  },
  {
    report: "ollama/ollama#4357: finish_reason is empty text",
    backend: "compatible",
    body:
      frame({ choices: [{ delta: { content: " Hello" }, finish_reason: "" }] }) +
      frame({ choices: [{ delta: { content: " there" }, finish_reason: "" }] }) +
      end(),
    outcome: answered("Hello there"),
  },
  {
    report: "decolua/9router#3492: a whole body called an event stream",
    backend: "compatible",
    body: `${JSON.stringify({ object: "chat.completion", choices: [{ message: { content: "OK" }, finish_reason: "stop" }] }, null, 1)}\ndata: [DONE]\n\n`,
    outcome: answered("OK"),
  },
  {
    report: "Amm1rr/WebAI-to-API#55: pieces of a message in place of deltas",
    backend: "compatible",
    body:
      ["Hel", "lo"]
        .map((content) =>
          frame({ object: "chat.completion.chunk", choices: [{ message: { content } }] }),
        )
        .join("") + end(),
    outcome: answered("Hello"),
  },
  {
    report: "cline/cline#13348: the completion is wrapped",
    backend: "compatible",
    body: JSON.stringify({
      data: { choices: [{ finish_reason: "stop", index: 0, message: { content: "42" } }] },
      success: true,
    }),
    outcome: answered("42"),
  },
  {
    report: "QwenLM/qwen-code#3896: every piece repeats the text so far",
    backend: "compatible",
    body: texts("| a | b |", "| a | b |\n|---|---|", "| a | b |\n|---|---|\n| 1 | 2 |") + end(),
    outcome: answered("| a | b |\n|---|---|\n| 1 | 2 |"),
  },
  {
    report: "open-jarvis/OpenJarvis#378: so do Apple's snapshots",
    backend: "compatible",
    body:
      texts(
        "Sure! Here are the numbers:\n\n1",
        "Sure! Here are the numbers:\n\n1.  \n2.  \n3.  ",
        "Sure! Here are the numbers:\n\n1.  \n2.  \n3.  \n4.",
      ) + end(),
    outcome: answered("Sure! Here are the numbers:\n\n1.  \n2.  \n3.  \n4."),
  },
  {
    report: "tashfeenahmed/freellmapi#1007: so do Gemini's thinking models",
    backend: "gemini",
    body:
      gemini("The answer is") +
      gemini("The answer is forty") +
      gemini("The answer is forty-two.", { finishReason: "STOP" }),
    outcome: answered("The answer is forty-two."),
  },
  {
    report: "nyo16/nous#26: Gemini's JSON array in place of events",
    backend: "gemini",
    body: JSON.stringify(
      [
        { candidates: [{ content: { parts: [{ text: "Hi " }] } }] },
        { candidates: [{ content: { parts: [{ text: "there" }] }, finishReason: "STOP" }] },
      ],
      null,
      2,
    ),
    outcome: answered("Hi there"),
  },
  {
    report: "huggingface/chat-ui#2383: the limit was spent on thoughts",
    backend: "compatible",
    body: chat({ reasoning_content: "Hm, " }, { reasoning_content: "so" }) + end("length"),
    outcome: { failure: "incomplete" },
  },
];
