import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { type CliHost, createCliHost } from "../../src/backends/cli/cli-host.ts";
import { systemClock } from "../../src/clock.ts";

/** A script as a program, and a host, for all tests of a file. */
export function useFakeProgram(script: URL): {
  readonly command: string;
  readonly host: CliHost;
} {
  const dataFolder = mkdtempSync(join(tmpdir(), "parley-"));
  const command = join(dataFolder, "program");
  const file = fileURLToPath(script);
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${file}" "$@"\n`);
  chmodSync(command, 0o755);
  const host = createCliHost({
    clock: systemClock,
    wallClock: Date.now,
    dataFolder,
    pid: process.pid,
  });
  afterAll(async () => {
    await host.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });
  return { command, host };
}
