import { describe, expect, it } from "vitest";
import { BackendError } from "../../src/backends/backend.ts";
import { answers, asks, longTalk, textsOf, talk } from "../context/conversations.ts";
import { createScriptedBackend } from "../backends/scripted-backend.ts";
import { move, play, says, seat } from "./table.ts";

const tooLong = [new BackendError("context", "prompt is too long")];
const sizeOf = (request: { messages: Parameters<typeof textsOf>[0] } | undefined) =>
  textsOf(request?.messages ?? []).join("").length;

describe("a prompt that the model finds too long", () => {
  const conversation = longTalk(200);
  const overflow = () => play(move("answer"), [tooLong, says("Seven.")], { conversation });

  it("is cut down and put once more", async () => {
    const { outcome, requests, retries } = await overflow();
    expect(outcome).toMatchObject({ kind: "answered", text: "Seven." });
    expect(sizeOf(requests[1])).toBeLessThan(0.6 * sizeOf(requests[0]));
    expect(retries).toEqual([
      { attempt: 1, failure: "context", message: "prompt is too long", delayMs: 0 },
    ]);
  });

  it("keeps the question, the root and the newest messages, where MassGen kept the oldest (defect 13)", async () => {
    const { requests } = await overflow();
    const texts = textsOf(requests[1]?.messages ?? []);
    expect(texts[0]).toContain("question 0 ");
    expect(texts.at(-2)).toBe("<said>\nAda: the request\n</said>");
    expect(texts.at(-3)).toContain("answer 199 ");
    expect(texts.join("")).not.toContain("question 1 ");
  });

  it("is cut at most three times, and remembered", async () => {
    const { outcome, requests, options } = await play(move("answer"), [tooLong], { conversation });
    expect(outcome).toMatchObject({ kind: "failed", failure: "context" });
    expect(requests).toHaveLength(4);
    const next = await play(move("answer"), [says("x")], {
      conversation,
      calibration: options.calibration,
    });
    expect(sizeOf(next.requests[0])).toBeLessThanOrEqual(sizeOf(requests[1]));
  });

  it("is remembered for its server, not for the same model at another address", async () => {
    const { requests, options } = await play(move("answer"), [tooLong], { conversation });
    const sizeAt = async (baseUrl: string | undefined) => {
      const backend = createScriptedBackend(options.clock, [says("x")]);
      const agents = options.agents.map((agent) => ({ ...agent, backend, baseUrl }));
      const table = seat(backend, { conversation, calibration: options.calibration, agents });
      await table.moves.start(move("answer"), table.hooks);
      return sizeOf(backend.requests[0]);
    };
    expect(await sizeAt(undefined)).toBeLessThanOrEqual(sizeOf(requests[1]));
    expect(await sizeAt("http://127.0.0.1:8000/v1")).toBe(sizeOf(requests[0]));
  });

  it("loses the middle of a huge question, not the question", async () => {
    const huge = talk(asks(`Why? ${"x".repeat(200_000)} Why?`));
    const { requests } = await play(move("answer"), [tooLong, says("x")], { conversation: huge });
    expect(sizeOf(requests[1])).toBeLessThan(0.6 * sizeOf(requests[0]));
    expect(textsOf(requests[1]?.messages ?? [])[0]).toMatch(/^<said>\nAda: Why\? x[^]*x Why\?\n/);
  });
});

it("puts people's and Parley's Markdown to the models as it was written (defect 16)", async () => {
  const markdown = "**Bold**, `C:\\temp\\n`, \\(x^2\\), ✅ Starting …\n\n| a | b |\n|---|---|";
  const conversation = talk(asks(markdown), answers(markdown), asks(markdown));
  const { requests } = await play(move("answer"), [says(markdown)], { conversation });
  const texts = textsOf(requests[0]?.messages ?? []);
  expect(texts.slice(0, 3)).toEqual([
    `<said>\nAda: ${markdown}\n</said>`,
    markdown,
    `<said>\nAda: ${markdown}\n</said>`,
  ]);
});

describe("what MassGen's prompts lost (defect 17)", () => {
  it("agents' own instructions are sent in every kind of move", async () => {
    for (const kind of ["answer", "review", "present"] as const) {
      const { requests } = await play(move(kind), [says("x")]);
      expect(requests[0]?.system.at(-1)).toContain("You are terse.");
    }
  });

  it("the tools name no answers, and labels stay with their answers when some are gone", async () => {
    const [, c, a] = move("review").shown;
    const shown = [c, a].filter((revision) => revision !== undefined);
    const { requests } = await play(move("review", { shown }), [says("x")]);
    const text = textsOf(requests[0]?.messages ?? []).join("\n");
    expect(text.match(/label="."/g)).toEqual(['label="C"', 'label="A"']);
    expect(JSON.stringify(requests[0]?.tools)).not.toMatch(/enum|"A"|agent1/);
  });
});
