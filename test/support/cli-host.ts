import { onTestFinished } from "vitest";
import { type CliHost, createCliHost } from "../../src/backends/cli/cli-host.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A host whose CLIs end with the test. */
export async function testCliHost(clock: Clock = systemClock): Promise<CliHost> {
  const dataFolder = await temporaryFolder();
  const host = createCliHost({ clock, wallClock: Date.now, dataFolder, pid: process.pid });
  onTestFinished(() => host.close());
  return host;
}
