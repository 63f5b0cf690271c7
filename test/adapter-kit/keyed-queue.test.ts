import { expect, it } from "vitest";
import { createKeyedQueue } from "../../src/adapter-kit/queue/keyed-queue.ts";

it("runs the tasks of one key in order, even after one has failed, beside those of other keys", async () => {
  const queue = createKeyedQueue();
  const slow = Promise.withResolvers<void>();
  const done: string[] = [];
  const say = (place: string, text: string, wait = Promise.resolve()) =>
    queue.run(place, async () => {
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
