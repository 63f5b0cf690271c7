import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createLog } from "../../src/telemetry/log.ts";
import { createProblemLog } from "../../src/telemetry/log-problems.ts";

/** What a log holds after so many things happened, a line each. */
async function logOf(
  level: string,
  happen: (problems: ReturnType<typeof createProblemLog>, pass: (ms: number) => void) => void,
) {
  const output = new PassThrough();
  const time = { now: 0 };
  const log = createLog({ level, output, pretty: null, secrets: [] });
  happen(
    createProblemLog(log, () => time.now),
    (ms) => void (time.now += ms),
  );
  output.end();
  const lines = (await text(output)).trim().split("\n");
  return lines.map((line): unknown => JSON.parse(line));
}

const away = new Error("The database does not answer.");

test("a problem that lasts is a line each half minute, which says how often it came since", async () => {
  const lines = await logOf("info", (problems, pass) => {
    for (let n = 0; n < 100; n++) {
      problems.wentOnWithout(away, { conversation: "slack:T1:C1:1.2" });
      pass(400);
    }
  });
  expect(lines).toEqual([
    expect.objectContaining({ conversation: "slack:T1:C1:1.2", msg: "continued after a problem" }),
    expect.objectContaining({ repeated: 74, msg: "continued after a problem" }),
  ]);
});

test("another problem has its own line, and at debug each time has one", async () => {
  const happen: Parameters<typeof logOf>[1] = (problems) => {
    for (const problem of [away, new Error("Slack is busy."), away]) problems.reported(problem);
  };
  expect(await logOf("info", happen)).toMatchObject([
    { level: 40, msg: away.message },
    { level: 40, msg: "Slack is busy." },
  ]);
  expect(await logOf("debug", happen)).toHaveLength(5);
});
