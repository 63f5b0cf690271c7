import { execFile } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/temporary-folder.ts";

interface Gate {
  readonly code: number;
  readonly output: string;
}

/** Runs the gate with an npm that does, for each command line it is given, what a shell script says. */
async function runGate(npm: string, partSeconds: number): Promise<Gate> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "npm"), `#!/usr/bin/env bash\n${npm}\n`);
  await chmod(join(folder, "npm"), 0o755);
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env["PATH"] ?? ""}`,
    CI_PART_SECONDS: String(partSeconds),
    FOLDER: folder,
  };
  return new Promise((resolve) => {
    execFile("bash", [".ci/run"], { env }, (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout });
    });
  });
}

const GREEN = 'echo "      Tests  7 passed (7)"';

test("the gate adds up the tests of its parts", async () => {
  const { code, output } = await runGate(
    `case "$*" in
  test) printf ' \\x1b[2mTests \\x1b[22m \\x1b[32m40 passed\\x1b[39m | 2 skipped (42)\\n' ;;
  "run test:slow") echo "      Tests  2 failed | 5 passed (7)"; exit 1 ;;
  "run test:properties") ${GREEN} ;;
esac`,
    60,
  );
  expect(output).toMatch(/^52 passed, 2 failed$/m);
  expect(code).toBe(1);
});

test("a part that fails without a failed test counts as one failure", async () => {
  const { code, output } = await runGate(`[ "$*" != ci ] || exit 3; ${GREEN}`, 60);
  expect(output).toMatch(/^21 passed, 1 failed$/m);
  expect(code).toBe(1);
});

test("a part that never ends is stopped and named, and the parts after it still run", async () => {
  const { code, output } = await runGate(
    `case "$*" in "run test:slow") echo "a test"; while :; do :; done ;; *) ${GREEN} ;; esac`,
    2,
  );
  expect(output).toContain('CI stopped "npm run test:slow" after 2 s: it had not ended.');
  expect(output).toMatch(/^28 passed, 1 failed$/m);
  expect(code).toBe(1);
});

test("a process that a part leaves behind does not hold up the gate", async () => {
  const { code, output } = await runGate(
    `[ "$*" != ci ] || { sleep 600 & echo $! > "$FOLDER/left"; }
[ "$*" != "run test:properties" ] || kill "$(cat "$FOLDER/left")"
${GREEN}`,
    60,
  );
  expect(output).toMatch(/^35 passed, 0 failed$/m);
  expect(code).toBe(0);
});
