import { expect, test } from "vitest";
import { done, text } from "../backends/scripted-backend.ts";
import { move, play, seat } from "./table.ts";

const takenOver = [
  { type: "retrying", attempt: 1, failure: "auth", message: "", delayMs: 0, backend: "spare" },
  text("From the spare."),
  done,
] as const;

const agentWith = (fallbackCost: (() => number) | undefined) => {
  const [agent] = seat([[done]]).options.agents;
  if (!agent) throw new Error("the table seats nobody");
  return { ...agent, fallbackCost };
};

test("a call answered by the fallback is priced at the fallback's rate", async () => {
  const { options } = seat([takenOver]);
  const { backend } = options.agents[0] ?? agentWith(undefined);
  const { usage } = await play(move("answer"), [takenOver], {
    agents: [{ ...agentWith(() => 0.5), backend }],
  });
  expect(usage?.costUsd).toBe(0.5);
});

test("without a price for the fallback the cost is unknown, not the first backend's", async () => {
  const { options } = seat([takenOver]);
  const { backend } = options.agents[0] ?? agentWith(undefined);
  const { usage } = await play(move("answer"), [takenOver], {
    agents: [{ ...agentWith(undefined), backend }],
  });
  expect(usage?.costUsd).toBeNull();
});
