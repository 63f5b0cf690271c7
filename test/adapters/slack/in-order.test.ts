import { expect, it } from "vitest";
import { createInOrder } from "../../../adapters/slack/intake/in-order.ts";

it("lets what is said in a thread wait for what was said there before, whatever became of that", async () => {
  const inOrder = createInOrder();
  const slow = Promise.withResolvers<void>();
  const done: string[] = [];
  const say = (place: string, text: string, wait = Promise.resolve()) =>
    inOrder(place, async () => {
      await wait;
      done.push(text);
    });
  const first = say("one", "never", slow.promise);
  const second = say("one", "second");
  await say("two", "elsewhere");
  slow.reject(new Error("the store is away"));
  await expect(first).rejects.toThrow("the store is away");
  await second;
  expect(done).toEqual(["elsewhere", "second"]);
});
