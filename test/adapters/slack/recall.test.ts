import { expect, it, vi } from "vitest";
import { parleyInSlack } from "./parley-in-slack.ts";

it("a person is asked for once, not anew by every process", async () => {
  const { slack, join, ada, at, answered } = await parleyInSlack();
  const first = await join();
  await answered(ada.says("C1", `${at} What is 2 + 2?`));
  const asked = slack.calls("users.info").length;
  expect(asked).toBeGreaterThan(0);
  await first.leave();
  await join(first.store);
  const again = ada.says("C1", `${at} What is 3 + 3?`);
  await answered(again);
  expect(slack.calls("users.info")).toHaveLength(asked);
});

it("what cannot be read is told, and asked for anew", async () => {
  const { slack, join, ada, at, answered, problems } = await parleyInSlack();
  const { store } = await join();
  await store.db.q("DROP TABLE key_values");
  await answered(ada.says("C1", `${at} What is 2 + 2?`));
  expect(slack.calls("users.info").length).toBeGreaterThan(0);
  await vi.waitFor(() => expect(problems.join()).toMatch(/no such table: key_values/));
});
