import { expect, it } from "vitest";
import { createSlots } from "../../../src/backends/resilience/slots.ts";

const never = new AbortController().signal;
const settle = () => new Promise((resolve) => setImmediate(resolve));

it("serves the line in the order in which it came, newcomers last", async () => {
  const slots = createSlots(1);
  const order: string[] = [];
  const enter = async (name: string) => {
    const release = await slots.take(never);
    order.push(name);
    return release;
  };
  const first = await enter("a");
  const second = enter("b");
  const third = enter("c");
  first();
  const fourth = enter("d");
  (await second)();
  (await third)();
  await fourth;
  expect(order).toEqual(["a", "b", "c", "d"]);
});

it("forgets whoever left the line", async () => {
  const slots = createSlots(1);
  const release = await slots.take(never);
  const stop = new AbortController();
  const left = slots.take(stop.signal);
  const next = slots.take(never);
  stop.abort(new Error("stopped"));
  await expect(left).rejects.toThrow("stopped");
  release();
  await next;
});

it("refuses whoever comes already aborted", async () => {
  await expect(createSlots(1).take(AbortSignal.abort(new Error("stopped")))).rejects.toThrow();
});

it("lets more in when it grows, and fewer as calls end when it shrinks", async () => {
  const slots = createSlots(1);
  const first = await slots.take(never);
  const second = slots.take(never);
  slots.resize(2);
  const releaseSecond = await second;
  slots.resize(1);
  let entered = false;
  const third = slots.take(never).then(() => (entered = true));
  first();
  await settle();
  expect(entered).toBe(false);
  releaseSecond();
  await third;
});

it("takes a slot back once, however often it is given", async () => {
  const slots = createSlots(1);
  const release = await slots.take(never);
  release();
  release();
  await slots.take(never);
  let entered = false;
  void slots.take(never).then(() => (entered = true));
  await settle();
  expect(entered).toBe(false);
});
