import { describe, expect, test } from "vitest";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, failure, request } from "../ask.ts";
import { BACKENDS } from "./four-backends.ts";

const overloaded = '{"error":{"message":"Overloaded","type":"overloaded_error","code":503}}';

/** How servers report an error after status 200, with the reports that show it. */
const FORMS: readonly (readonly [name: string, body: string])[] = [
  ["an event with an error", `data: ${overloaded}\n\n`],
  ["an event with an error and [DONE]", `data: ${overloaded}\n\ndata: [DONE]\n\n`],
  ["a named error event", `event: error\ndata: ${overloaded}\n\n`],
  // https://github.com/liaohch3/claude-tap/issues/43
  [
    "Anthropic's error event",
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
  ],
  [
    "Anthropic's error without its event line",
    'data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
  ],
  // https://platform.openai.com/docs/api-reference/responses-streaming/error
  [
    "OpenAI's flat error event",
    'event: error\ndata: {"type":"error","code":"server_is_overloaded","message":"Overloaded","param":null}\n\n',
  ],
  // https://github.com/fox1245/NeoGraph/issues/124
  ["an error that is a text", 'data: {"error":"Overloaded"}\n\n'],
  // https://github.com/ggml-org/llama.cpp/pull/16109
  [
    "llama.cpp's error line",
    `error: {"code":503,"message":"Overloaded","type":"unavailable_error"}\n\ndata: [DONE]\n\n`,
  ],
  ["an error line of words", "error: Overloaded\n\n"],
  [
    "a flat error",
    'data: {"object":"error","message":"Overloaded","type":"ServiceUnavailable","code":503}\n\n',
  ],
  // https://github.com/langchain-ai/langchainjs/pull/11579
  [
    "an error in choices[0]",
    'data: {"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error","error":{"code":503,"message":"Overloaded"}}]}\n\n',
  ],
  // https://github.com/diegosouzapw/OmniRoute/pull/8210
  [
    "an error beside empty choices",
    'data: {"id":"gen-1","object":"chat.completion.chunk","choices":[],"error":{"code":503,"message":"Overloaded"}}\n\n',
  ],
  // https://github.com/NousResearch/hermes-agent/issues/65631
  [
    "DeepInfra's error fields",
    'data: {"choices":null,"error_type":"ServiceUnavailableError","error_message":"Overloaded"}\n\n',
  ],
  ["a detail", 'data: {"detail":"Overloaded"}\n\n'],
  ["a message", 'data: {"message":"Overloaded"}\n\n'],
  ["a list with one error", `data: [${overloaded}]\n\n`],
  ["bare JSON", `${overloaded}\n`],
  ["JSON over several lines", `${JSON.stringify(JSON.parse(overloaded), null, 2)}\n`],
  // https://github.com/google-gemini/gemini-cli/issues/6454
  ["a list over several lines", `${JSON.stringify([JSON.parse(overloaded)], null, 2)}\n`],
];

describe.each(BACKENDS)("$kind reads an error that comes with status 200", ({ create, wire }) => {
  const faults = useModelFaults();
  const types = ["text/event-stream", "application/json", "text/plain", "text/html"];

  test.each(FORMS)(
    "$kind reads an error with status 200 as %s, and nothing else",
    async (_, body) => {
      for (const type of types) {
        faults().play({ type: "raw", headers: { "content-type": type }, body });
        const thrown = await failure(create(faults().url));
        expect({ type, failure: thrown.failure }).toEqual({ type, failure: "overloaded" });
        expect(thrown.message).toContain("Overloaded");
      }
    },
  );

  test.each(FORMS.filter(([name]) => !name.startsWith("a list over")))(
    "$kind reads an error with status 200 as %s, after some text",
    async (_, body) => {
      const some = wire.content({ text: "It is forty-" }).join("");
      faults().play({ type: "raw", body: some + body });
      const thrown = await failure(create(faults().url));
      expect(thrown.failure).toBe("overloaded");
      expect(thrown.message).toContain("Overloaded");
    },
  );

  test.each([
    [
      "a web page",
      "text/html",
      "<!DOCTYPE html><html><head>\n<title>Sign in · Proxy</title></head></html>",
      "bad_request",
      "address",
      "a web page titled “Sign in · Proxy”",
    ],
    [
      "a web page that claims to be a stream",
      "text/event-stream",
      "<html><head><title>502 Bad Gateway</title></head></html>",
      "bad_request",
      "address",
      "502 Bad Gateway",
    ],
    [
      "plain text",
      "text/plain",
      "upstream connect error or disconnect/reset before headers",
      "overloaded",
      undefined,
      "upstream connect error",
    ],
    ["no bytes at all", "application/json", "", "incomplete", "empty", "sent an empty reply"],
    [
      "blank lines alone",
      "text/event-stream",
      "\n\n\n",
      "incomplete",
      "empty",
      "sent an empty reply",
    ],
    // https://github.com/NousResearch/hermes-agent/issues/65631
    [
      "[DONE] alone",
      "text/event-stream",
      "data: [DONE]\n\n",
      "incomplete",
      "empty",
      "sent an empty reply",
    ],
  ] as const)(
    "$kind reads an error with status 200 as %s",
    async (...[, type, body, failed, reason, says]) => {
      faults().play({ type: "raw", headers: { "content-type": type }, body });
      const thrown = await failure(create(faults().url));
      expect({ failure: thrown.failure, reason: thrown.reason }).toEqual({
        failure: failed,
        reason,
      });
      expect(thrown.message).toContain(says);
    },
  );

  test("$kind takes no answer that talks about errors for an error", async () => {
    const text =
      '{"error":{"message":"Overloaded"}} and event: error\ndata: {"error":"x"}\n\nerror: {}';
    faults().play({ type: "answer", reply: { text } });
    const events = await ask(create(faults().url));
    expect(events.at(-1)).toMatchObject({ type: "done", finish: "stop" });
  });

  test.each([
    ["comments with one newline", ": keep-alive\n"],
    ["comments with a blank line", ": keep-alive\n\n"],
    ["blank lines", "\n"],
    ["blank lines of Windows", "\r\n"],
  ])("%s show that a silent stream lives", async (_, sign) => {
    faults().play({ type: "stall", after: {}, keepAlive: sign });
    const before = wire.content({}).length;
    let alive = 0;
    for await (const event of create(faults().url).ask(request())) {
      if (event.type === "alive") alive += 1;
      if (alive > before) break;
    }
    expect(alive).toBeGreaterThan(before);
  });
});
