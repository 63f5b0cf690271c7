import { expect, test } from "vitest";
import { createQueuedLimiter } from "../../src/adapter-kit/rate-limit/queued-limiter.ts";
import { ALONE, APART, leasesOf } from "../support/usage-leases.ts";
import { createFakeClock } from "../support/fake-clock.ts";

function tenASecond() {
  const clock = createFakeClock();
  return {
    clock,
    limiter: createQueuedLimiter({ perSecond: 10, processes: 1, leases: ALONE, clock }),
  };
}

test("in no second is more sent than there is room for", async () => {
  const { clock, limiter } = tenASecond();
  const sent: number[] = [];
  for (let i = 0; i < 35; i++) void limiter.wait("answer").then(() => sent.push(clock.now()));
  await clock.advance(5_000);
  expect(sent).toHaveLength(35);
  const inSecondFrom = (start: number) =>
    sent.filter((at) => at >= start && at < start + 1_000).length;
  expect(Math.max(...sent.map(inSecondFrom))).toBe(10);
});

test("answers go ahead of what has waited longer", async () => {
  const { clock, limiter } = tenASecond();
  const order: string[] = [];
  for (let i = 0; i < 12; i++) void limiter.wait("other").then(() => order.push("other"));
  void limiter.wait("answer").then(() => order.push("answer"));
  await clock.advance(5_000);
  expect(order.indexOf("answer")).toBeLessThan(11);
  expect(order).toHaveLength(13);
});

test("a crowd that waits is spread over the second, so that answers find room soon, more of them than is kept free", async () => {
  const clock = createFakeClock();
  const limiter = createQueuedLimiter({ perSecond: 45, processes: 1, leases: ALONE, clock });
  for (let i = 0; i < 200; i++) void limiter.wait("other");
  await clock.advance(2_000);
  const waits: number[] = [];
  for (let i = 0; i < 20; i++) {
    const asked = clock.now();
    void limiter.wait("answer").then(() => waits.push(clock.now() - asked));
    await clock.advance(50);
  }
  await clock.advance(1_000);
  expect(waits).toHaveLength(20);
  expect(Math.max(...waits)).toBeLessThanOrEqual(100);
});

test("what may be dropped leaves room for answers, and says when to come again", async () => {
  const { clock, limiter } = tenASecond();
  const waits = Array.from({ length: 10 }, () => limiter.take());
  expect(waits.filter((ms) => ms === 0)).toHaveLength(7);
  let isSent = false;
  void limiter.wait("answer").then(() => (isSent = true));
  await clock.advance(0);
  expect(isSent).toBe(true);
  await clock.advance(waits.at(-1) ?? 0);
  expect(limiter.take()).toBe(0);
});

test("a pause holds for all", async () => {
  const { clock, limiter } = tenASecond();
  limiter.pause(3_000);
  let sentAt = -1;
  const start = clock.now();
  void limiter.wait("answer").then(() => (sentAt = clock.now() - start));
  expect(limiter.take()).toBeGreaterThan(0);
  await clock.advance(10_000);
  expect(sentAt).toBe(3_000);
});

test("who gives up waiting takes no room", async () => {
  const { clock, limiter } = tenASecond();
  limiter.pause(1_000);
  const leaving = new AbortController();
  const left = limiter.wait("answer", leaving.signal);
  leaving.abort(new Error("enough"));
  await expect(left).rejects.toThrow("enough");
  await clock.advance(1_000);
  const waits = Array.from({ length: 7 }, () => limiter.take());
  expect(waits).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

test.each([1, 2, 5, 20])(
  "%i processes that cannot ask each other together send no more than one may, and hardly less",
  async (processes) => {
    const clock = createFakeClock();
    let sent = 0;
    for (let n = 0; n < processes; n++) {
      const limiter = createQueuedLimiter({ perSecond: 45, processes, leases: APART, clock });
      for (let i = 0; i < 100; i++) void limiter.wait("answer").then(() => sent++);
    }
    await clock.advance(999);
    expect(sent).toBeLessThanOrEqual(45);
    expect(sent).toBeGreaterThanOrEqual(40);
  },
);

test("the last edit of a status goes ahead of what has waited longer, and after answers", async () => {
  const { clock, limiter } = tenASecond();
  const order: string[] = [];
  limiter.pause(500);
  for (const urgency of ["other", "closing", "answer"] as const)
    void limiter.wait(urgency).then(() => order.push(urgency));
  await clock.advance(2_000);
  expect(order).toEqual(["answer", "closing", "other"]);
});

test("of three processes, the one that needs it has most of the limit, and all together never more than that", async () => {
  const clock = createFakeClock();
  const sent = [0, 0, 0];
  const budgets = leasesOf(3, clock).map((leases) =>
    createQueuedLimiter({ perSecond: 45, processes: 3, leases, clock }),
  );
  const ask = (n: number, count: number) => {
    for (let i = 0; i < count; i++)
      void budgets[n]?.wait("answer").then(() => (sent[n] = (sent[n] ?? 0) + 1));
  };
  ask(0, 500);
  ask(1, 1);
  await clock.advance(3_000);
  const before = sent[0] ?? 0;
  await clock.advance(5_000);
  expect(((sent[0] ?? 0) - before) / 5).toBeGreaterThanOrEqual(36);
  ask(1, 500);
  ask(2, 500);
  await clock.advance(3_000);
  const all = () => sent.reduce((sum, count) => sum + count, 0);
  const then = all();
  await clock.advance(5_000);
  expect((all() - then) / 5).toBeLessThanOrEqual(45);
  expect((all() - then) / 5).toBeGreaterThanOrEqual(36);
});
