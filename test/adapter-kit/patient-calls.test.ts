import { expect, test } from "vitest";
import { createPatientCalls } from "../../src/adapter-kit/patient-calls.ts";
import { PlatformError } from "../../src/platform.ts";
import { createSlots } from "../../src/slots.ts";
import { createFakeClock } from "../support/fake-clock.ts";

function open(atOnce = 2) {
  const clock = createFakeClock();
  const leaving = new AbortController();
  const options = { longestWaitMs: 60_000, deadlineMs: 120_000, signal: leaving.signal };
  const patiently = createPatientCalls({ clock, takeSlot: createSlots(atOnce).take, ...options });
  return { clock, leaving, patiently };
}

const limited = (retryAfterMs: number) =>
  new PlatformError("rate_limited", "Slow down.", { retryAfterMs });

/** Rejects so many times, then resolves. */
function failing(times: number, error: Error) {
  let left = times;
  return async () => {
    if (left-- > 0) throw error;
    return "done";
  };
}

test("those who wait for a limit hold up nobody, however many they are", async () => {
  const { clock, patiently } = open();
  const waiting = Array.from({ length: 10 }, () => patiently(failing(1, limited(40_000))));
  await clock.advance(0);
  expect(await patiently(async () => "at once")).toBe("at once");
  await clock.advance(40_000);
  expect(await Promise.all(waiting)).toEqual(Array(10).fill("done"));
});

test("no more calls are under way at once than there are slots", async () => {
  const { clock, patiently } = open(2);
  const under = { way: 0, most: 0 };
  const call = async () => {
    under.most = Math.max(under.most, ++under.way);
    await new Promise<void>((resolve) => void clock.setTimer(100, resolve));
    under.way--;
  };
  const calls = Array.from({ length: 9 }, () => patiently(call));
  await clock.advance(1_000);
  await Promise.all(calls);
  expect(under.most).toBe(2);
});

test("a wait that is too long, or comes too late, is none", async () => {
  const { clock, patiently } = open();
  await expect(patiently(failing(1, limited(61_000)))).rejects.toThrow("Slow down.");
  const often = patiently(failing(9, limited(50_000)));
  const failed = expect(often).rejects.toThrow("Slow down.");
  await clock.advance(120_000);
  await failed;
});

test("what is refused for good is not repeated, and nothing is once it is over", async () => {
  const { patiently, leaving, clock } = open();
  const gone = new PlatformError("gone", "No such channel.");
  await expect(patiently(failing(1, gone))).rejects.toThrow("No such channel.");
  const waiting = expect(patiently(failing(1, limited(9_000)))).rejects.toThrow("over");
  await clock.advance(0);
  leaving.abort(new Error("over"));
  await waiting;
  await expect(patiently(async () => "late")).rejects.toThrow("over");
});
