import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import {
  type EndTimes,
  type JsonProcess,
  MOST,
  startJsonProcess,
} from "../../../src/backends/cli/json-process.ts";
import { systemClock } from "../../../src/clock.ts";
import { createRedactor } from "../../../src/text/redact.ts";
import { isAlive } from "../../support/is-alive.ts";
import { PATIENCE } from "../../support/patience.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const KEY = "sk-test-0123456789abcdef";
const QUICK = { cancel: 50, stdin: 100, term: 100 };

/** A CLI that is this program, and what came of it. */
function run(program: string, env: Record<string, string> = {}, times: EndTimes = QUICK) {
  const values: unknown[] = [];
  const state = { floods: 0 };
  const started: JsonProcess = startJsonProcess(
    { file: process.execPath, args: ["-e", program], env, cwd: "/" },
    {
      clock: systemClock,
      redact: createRedactor([KEY]),
      times,
      onValue: (value) => values.push(value),
      onFlood: () => (state.floods += 1),
    },
  );
  onTestFinished(() => started.end());
  return { started, values, state };
}

const write = (text: string): string => `process.stdout.write(${JSON.stringify(text)});`;

test("A value arrives whole, however its bytes are cut", async () => {
  const { values, started } = run(
    `const b = Buffer.from(${JSON.stringify('{"text":"naïve 👋"}\n')}); let i = 0;
     const t = setInterval(() => i < b.length ? process.stdout.write(b.subarray(i, ++i)) : clearInterval(t), 1)`,
  );
  await started.exit;
  expect(values).toEqual([{ text: "naïve 👋" }]);
});

test("Lines that are no JSON object, and half a line at the end, are left out", async () => {
  const { values, started } = run(write('Loading…\n[1]\n{"a":1}\n\n{broken\n{"b":2}\r\n{"c":'));
  await started.exit;
  expect(values).toEqual([{ a: 1 }, { b: 2 }]);
});

test("A line of 50 MB is told as a flood, and is not kept", async () => {
  const { values, state, started } = run(
    `process.stdout.write('{"a":"' + "x".repeat(50e6) + '"}\\n{"b":1}\\n')`,
  );
  await started.exit;
  expect(state.floods).toBe(1);
  expect(values).toEqual([]);
});

test("Endless lines that are no JSON are told as a flood, once", async () => {
  const { state, started } = run(`process.stdout.write("noise\\n".repeat(${MOST.noise + 5}))`);
  await started.exit;
  expect(state.floods).toBe(1);
});

test("A CLI sees the environment that it is given and nothing else", async () => {
  const { values, started } = run("console.log(JSON.stringify(process.env))", { ONLY: "this" });
  await started.exit;
  expect(values).toEqual([{ ONLY: "this" }]);
});

test("What it is sent arrives as lines", async () => {
  const { values, started } = run("process.stdin.pipe(process.stdout)");
  started.send({ say: "one\ntwo" });
  started.send({ say: 2 });
  await vi.waitFor(() => expect(values).toEqual([{ say: "one\ntwo" }, { say: 2 }]), PATIENCE);
});

test("Its stderr is kept to the last 4 kB, without keys", async () => {
  const { started } = run(
    `process.stderr.write("y ".repeat(50000) + "Bearer ${KEY} \\u001b[2Jfailed")`,
  );
  await started.exit;
  expect(started.stderr().length).toBeLessThanOrEqual(4096);
  expect(started.stderr()).toMatch(/failed$/);
  expect(started.stderr()).not.toContain("0123456789");
});

test("It ends by itself once its stdin has ended, and what is sent later is lost", async () => {
  const { started } = run("process.stdin.resume()", {}, { ...QUICK, stdin: 45_000 });
  await started.end();
  started.send({ late: true });
  expect(await started.exit).toEqual({ code: 0, signal: null });
  expect(started.hasExited()).toBe(true);
});

test("One that heeds neither the end of stdin nor SIGTERM is killed, with its children", async () => {
  const file = join(await temporaryFolder(), "pids");
  const stubborn = fileURLToPath(new URL("../../servers/cli/stubborn.ts", import.meta.url));
  const { started } = run(
    `process.argv[2] = ${JSON.stringify(file)}; import(${JSON.stringify(stubborn)})`,
  );
  const pids = await vi.waitFor(
    () => z.array(z.number()).parse(JSON.parse(readFileSync(file, "utf8"))),
    PATIENCE,
  );
  await started.end();
  expect((await started.exit).signal).toBe("SIGKILL");
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), PATIENCE);
});

test("Before the end the moves that run may be cancelled, but not for longer than their time", async () => {
  const { started } = run("process.stdin.resume()");
  const never = new Promise<void>(() => {});
  await started.end(() => never);
  expect(started.hasExited()).toBe(true);
});

test("A program that is not there says so, and never throws", async () => {
  const started = startJsonProcess(
    { file: "/nowhere/claude", args: [], env: {}, cwd: "/" },
    { clock: systemClock, redact: (text) => text, onValue: () => {}, onFlood: () => {} },
  );
  started.send({ hello: true });
  expect(await started.exit).toMatchObject({ code: null, problem: { code: "ENOENT" } });
  await started.end();
});
