import { describe, expect, it } from "vitest";
import type { BackendRequest } from "../../../src/backends/backend.ts";
import type { SimulatedStyle } from "../../../src/backends/config.ts";
import { createSimulatedBackend } from "../../../src/backends/simulated/simulated.ts";
import { createFences, attribute } from "../../../src/context/fence.ts";
import { ROUTER_TASK } from "../../../src/moves/words.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { listen } from "../scripted-backend.ts";

const { fence, said } = createFences("5d0c93f1");

const user = (text: string, cache = false): BackendRequest["messages"][number] => ({
  role: "user",
  parts: [{ type: "text", text }],
  cache,
});

function requestOf(text: string, signal = new AbortController().signal): BackendRequest {
  return {
    system: ["Rules."],
    messages: [user(said("Ada", text), true), user("Answer the request now.")],
    tools: [],
    toolChoice: "auto",
    signal,
  };
}

function setUp(options?: Record<string, unknown>, style: SimulatedStyle = "careful") {
  const clock = createFakeClock();
  return { clock, backend: createSimulatedBackend({ model: "simulated", clock, style, options }) };
}

describe("pace", () => {
  it("the pace is that of a model: one to four seconds, in chunks", async () => {
    const { clock, backend } = setUp();
    const heard = listen(backend.ask(requestOf("My name is Ada.")));
    await clock.advance(999);
    expect(heard.outcome).toBeUndefined();
    await clock.advance(3001);
    expect(heard.outcome).toBe("done");
    expect(heard.events.filter(({ type }) => type === "text").length).toBeGreaterThan(3);
    expect(heard.text()).toMatch(/^\[simulated\] Noted: Your name is Ada\.\n\nThis rests on/);
  });

  it("the pace can be none at all", async () => {
    const { clock, backend } = setUp({ pace: 0 });
    const heard = listen(backend.ask(requestOf("My name is Ada.")));
    await clock.advance(0);
    expect(heard.outcome).toBe("done");
  });

  it("a simulated call stops at once when aborted", async () => {
    const { clock, backend } = setUp();
    const stop = new AbortController();
    const heard = listen(backend.ask(requestOf("My name is Ada.", stop.signal)));
    await clock.advance(500);
    stop.abort("stopped");
    await clock.advance(0);
    expect(heard.outcome).toBe("stopped");
    expect(await clock.next()).toBe(false);
  });
});

it("the simulated backend says the same to the same prompt, and counts its tokens", async () => {
  const play = async () => {
    const { clock, backend } = setUp();
    const heard = listen(backend.ask(requestOf("Tea or coffee?")));
    await clock.advance(4000);
    return heard.events;
  };
  const events = await play();
  expect(await play()).toEqual(events);
  expect(events.at(-1)).toMatchObject({ type: "done", finish: "stop", usage: { cached: 0 } });
});

it("the simulated backend refuses unknown options", async () => {
  const { clock, backend } = setUp({ speed: 2 });
  const heard = listen(backend.ask(requestOf("Hello")));
  await clock.advance(0);
  expect(heard.outcome).toMatchObject({
    failure: "bad_request",
    message: expect.stringContaining("The options of a simulated backend are pace and seed"),
  });
});

it("the simulated backend routes sums to one agent, and debatable questions to the team", async () => {
  const { clock, backend } = setUp({ pace: 0 });
  const route = async (text: string) => {
    const messages = [user(said("Ada", text)), user(ROUTER_TASK)];
    const heard = listen(backend.ask({ ...requestOf(""), messages }));
    await clock.advance(0);
    return heard.text();
  };
  expect(await route("What is 3 + 4?")).toContain('"solo"');
  expect(await route("Tea or coffee?")).toContain('"team"');
});

describe("an elected answer", () => {
  const shown = (text: string) => fence("team-answer", text, attribute("label", "A"));
  const posted = async (...answers: readonly string[]) => {
    const { clock, backend } = setUp({ pace: 0 });
    const task = [...answers.map(shown), "Write it as it is to be posted."].join("\n\n");
    const request = requestOf("Tea?");
    const messages = [...request.messages.slice(0, 1), user(task)];
    const heard = listen(backend.ask({ ...request, messages }));
    await clock.advance(0);
    return heard.text();
  };

  it("an elected answer is posted with a point of another answer, and one mark", async () => {
    expect(await posted("[simulated] Tea.", "[simulated] Tea. It is hot.")).toBe(
      "[simulated] Tea.\n\nIt is hot.",
    );
  });

  it("an elected answer is posted unchanged if no other answer adds anything", async () => {
    expect(await posted("[simulated] Tea.", "[simulated] Tea.")).toBe("[simulated] Tea.");
  });
});

describe("the agent with an outage", () => {
  const outcomes = async (request: BackendRequest, times: number) => {
    const { clock, backend } = setUp({ pace: 0 }, "outage");
    const all: unknown[] = [];
    for (let n = 0; n < times; n += 1) {
      const heard = listen(backend.ask(request));
      await clock.advance(0);
      all.push(heard.outcome);
    }
    return all;
  };

  it("the agent with an outage stays down on a thread's first question", async () => {
    expect(await outcomes(requestOf("Hello"), 2)).toMatchObject([
      { failure: "overloaded", passing: undefined },
      { failure: "overloaded", passing: false },
    ]);
  });

  it("the agent with an outage comes back at the second try later on", async () => {
    const before = [user(said("Ada", "Hi")), { ...user("Hello."), role: "assistant" as const }];
    const request = requestOf("Tea?");
    const later = { ...request, messages: [...before, ...request.messages] };
    expect(await outcomes(later, 2)).toMatchObject([{ failure: "overloaded" }, "done"]);
  });
});
