import { describe, expect, test } from "vitest";
import type { ChatCompletionRequest } from "@copilotkit/aimock";
import { ask, calls, said, voteTool } from "./ask.ts";
import type { Stage } from "./contract-stage.ts";

const words = (content: unknown): string =>
  typeof content === "string" ? content : JSON.stringify(content);

/** Cases against aimock, which knows nothing of our own server's idea of the wire formats. */
export function describeMock({ mock, backend, setup }: Stage): void {
  const mocked = () => backend({ url: mock().url });

  describe("with a mock of the provider", () => {
    test("it streams an answer in the order in which it was written and ends with one done", async () => {
      mock().on({}, { content: "Six times seven is forty-two, as everybody knows." });
      const events = await ask(mocked());
      expect(said(events)).toBe("Six times seven is forty-two, as everybody knows.");
      expect(events.filter((event) => event.type === "done")).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({ type: "done", finish: "stop" });
    });

    test("it hands on a tool call with its arguments", async () => {
      const name = `${setup.differs?.toolPrefix ?? ""}vote`;
      mock().on({}, { toolCalls: [{ name, arguments: '{"reason":"shorter"}' }] });
      const events = await ask(mocked(), { tools: [voteTool] });
      expect(calls(events)).toEqual([{ name: "vote", arguments: '{"reason":"shorter"}' }]);
      expect(events.at(-1)).toMatchObject({ type: "done", finish: "tool" });
    });

    test("it sends the system's sections, the roles in their order and the tools", async () => {
      const seen: ChatCompletionRequest[] = [];
      mock().on({}, (request) => {
        seen.push(request);
        return { content: "ok" };
      });
      await ask(mocked(), {
        system: ["Rules of the team.", "You are the sceptic."],
        messages: [
          { role: "user", parts: [{ type: "text", text: "Ada: hello" }] },
          { role: "assistant", parts: [{ type: "text", text: "Good morning." }] },
          { role: "user", parts: [{ type: "text", text: "Bob: and now?" }] },
        ],
        tools: [voteTool],
      });
      const [system, ...messages] = seen[0]?.messages ?? [];
      expect(words(system?.content)).toMatch(/Rules of the team\.[^]*You are the sceptic\./);
      const roles = setup.differs?.oneMessage ? ["user"] : ["user", "assistant", "user"];
      expect(messages.map(({ role }) => role)).toEqual(roles);
      expect(messages.map(({ content }) => words(content)).join(" ")).toMatch(
        /Ada: hello[^]*Good morning\.[^]*Bob: and now\?/,
      );
      expect(JSON.stringify(setup.differs?.callsAsJson ? seen[0] : seen[0]?.tools)).toContain(
        "Score every standing answer.",
      );
    });

    test("it keeps twenty calls at once apart", async () => {
      mock().on({}, ({ messages }) => ({ content: `echo ${words(messages.at(-1)?.content)}` }));
      const one = mocked();
      const numbers = Array.from({ length: 20 }, (_, index) => `number ${index}.`);
      const answers = await Promise.all(
        numbers.map((text) =>
          ask(one, { messages: [{ role: "user", parts: [{ type: "text", text }] }] }),
        ),
      );
      answers.forEach((events, index) => expect(said(events)).toContain(`number ${index}.`));
    });
  });
}
