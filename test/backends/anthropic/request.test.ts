import { describe, expect, test } from "vitest";
import {
  type AnthropicBodyOptions,
  anthropicBody,
} from "../../../src/backends/anthropic/request.ts";
import type { BackendRequest, Part, PromptMessage } from "../../../src/backends/backend.ts";
import { FULL_TERMS } from "../../../src/backends/concessions/terms.ts";
import { request, voteTool } from "../ask.ts";

const body = (
  fields: Partial<BackendRequest>,
  options: Partial<AnthropicBodyOptions> = {},
  terms = FULL_TERMS,
) => anthropicBody(request(fields), { model: "claude-opus-5-5", ...options }, terms);

const message = (role: PromptMessage["role"], text: string, cache = false): PromptMessage => ({
  role,
  parts: [{ type: "text", text }],
  cache,
});
const file = (name: string, mediaType: string, data: string | Uint8Array): Part => ({
  type: "file",
  name,
  mediaType,
  data: typeof data === "string" ? new TextEncoder().encode(data) : data,
});
const withFile = (part: Part) => body({ messages: [{ role: "user", parts: [part] }] })["messages"];
const mark = { cache_control: { type: "ephemeral" } };

describe("the body for Anthropic", () => {
  test("the body keeps the system's sections apart and marks the last one for the cache", () => {
    expect(body({ system: ["Rules.", " ", "You are Ada."] })["system"]).toEqual([
      { type: "text", text: "Rules." },
      { type: "text", text: "You are Ada.", ...mark },
    ]);
  });

  test("the body marks the end of each message that will come again, at most four places in all", () => {
    const messages = ["a", "b", "c", "d", "e"].map((text) => message("user", text, text !== "c"));
    const sent = JSON.stringify(body({ system: ["S"], messages }));
    expect(sent.match(/.{5}","cache_control/g)?.map((end) => end.at(4))).toEqual([
      "S",
      "b",
      "d",
      "e",
    ]);
  });

  test("the body joins neighbours of one role, and marks stay where they were", () => {
    const messages = [
      message("user", "Ada: hi", true),
      message("user", "Bob: hi"),
      message("assistant", "Hello both."),
    ];
    expect(body({ messages })["messages"]).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "Ada: hi", ...mark },
          { type: "text", text: "Bob: hi" },
        ],
      },
      { role: "assistant", content: [{ type: "text", text: "Hello both." }] },
    ]);
  });

  test("the body lets a user open the conversation, and leaves out what is blank", () => {
    const messages = [message("user", " \n"), message("assistant", "Hi."), message("user", "So?")];
    expect(body({ messages })).toMatchObject({
      messages: [{ role: "user" }, { role: "assistant" }, { role: "user" }],
    });
  });

  test("the body streams arguments as they are written, and allows one call", () => {
    expect(body({ tools: [voteTool] })).toMatchObject({
      tools: [{ name: "vote", input_schema: voteTool.schema, eager_input_streaming: true }],
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
    });
  });

  test("the body has no tool fields without tools, and demands a call only of models that may be forced", () => {
    expect(body({})).not.toHaveProperty("tool_choice");
    const demand = { tools: [voteTool], toolChoice: "required" } as const;
    expect(body(demand)["tool_choice"]).toMatchObject({ type: "auto" });
    expect(body(demand, { mayForce: true })["tool_choice"]).toMatchObject({ type: "any" });
  });

  test.each([
    ["claude-opus-5-5", "web_search_20260318"],
    ["claude-haiku-4-5", "web_search_20250305"],
  ])("the body lets %s search by %s", (model, type) => {
    expect(body({ tools: [voteTool] }, { model, webSearch: true })).toMatchObject({
      tools: [{ name: "vote" }, { type, name: "web_search" }],
      tool_choice: { type: "auto" },
    });
  });

  test("the body takes the lower of two bounds on the output, and a default of its own", () => {
    expect(body({ maxOutputTokens: 500 }, { maxOutputTokens: 900 })["max_tokens"]).toBe(500);
    expect(body({})["max_tokens"]).toBe(16_384);
  });

  test("the body lets extra options win, but not over streaming", () => {
    const options = { service_tier: "standard_only", stream: false };
    expect(body({}, { options })).toMatchObject({ service_tier: "standard_only", stream: true });
  });

  test("the body sends no sampling parameters and no prefill", () => {
    const sent = JSON.stringify(body({}));
    expect(sent).not.toMatch(/temperature|top_p|top_k|"role":"assistant"/);
  });

  test("the body sends a text file as a titled document", () => {
    expect(withFile(file("a\nb.csv", "text/csv; charset=utf-8", "x,y"))).toMatchObject([
      { content: [{ type: "document", title: "a b.csv", source: { type: "text", data: "x,y" } }] },
    ]);
  });

  test("the body says which files it left out, and why", () => {
    const left = (part: Part) => JSON.stringify(withFile(part)).match(/\[File.*\]/)?.[0];
    const huge = new Uint8Array(4_000_000);
    expect(left(file("a.zip", "application/zip", "PK"))).toContain("a.zip (application/zip), this");
    expect(left(file("b.png", "image/png", huge))).toContain("larger than the 5 MB");
    expect(left(file("c.txt", "text/plain", ""))).toContain("it is empty");
  });
});

describe("reasoning at Anthropic", () => {
  const adaptive = { type: "adaptive", display: "summarized" };
  test.each([
    // Thinks by default: asked for a summary, or the stream would look silent.
    ["claude-opus-5-5", undefined, { thinking: adaptive }],
    ["claude-fable-5-1", "xhigh", { thinking: adaptive, output_config: { effort: "xhigh" } }],
    ["claude-sonnet-5-5", "none", { thinking: adaptive, output_config: { effort: "low" } }],
    // Thinks when asked.
    ["claude-opus-4-8", undefined, {}],
    ["claude-opus-4-6", "none", {}],
    ["anthropic/claude-sonnet-4.6", "high", { thinking: adaptive }],
    // Knows only budgets.
    ["claude-haiku-4-5-20251001", undefined, {}],
    ["claude-sonnet-4-20250514", "low", { thinking: { type: "enabled", budget_tokens: 2048 } }],
    ["claude-3-7-sonnet-latest", "max", { thinking: { type: "enabled", budget_tokens: 8192 } }],
    ["claude-opus-4-1", "none", {}],
    // Not a Claude.
    ["kimi-k3", undefined, {}],
    ["kimi-k3", "minimal", { thinking: adaptive, output_config: { effort: "low" } }],
  ] as const)("the reasoning of %s can be set to %s", (model, reasoning, fields) => {
    const sent = body({}, { model, reasoning });
    expect(sent).toMatchObject(fields);
    for (const name of ["thinking", "output_config"]) {
      if (Object.keys(fields).length === 0) expect(sent).not.toHaveProperty(name);
    }
  });
});
