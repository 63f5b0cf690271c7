import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vi } from "vitest";
import { startParley } from "../../e2e/parley-process.ts";
import { PATIENCE } from "../../support/patience.ts";
import { freePort } from "../../support/free-port.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const team = (pace: number) => `
name: Test
settle: 0
agents:
  - { id: ada, name: Ada, backend: { type: simulated, model: simulated, style: careful, options: { pace: ${pace} } } }
  - { id: ben, name: Ben, backend: { type: simulated, model: simulated, style: brief, options: { pace: ${pace} } } }
`;

/** A machine on which Parley's own process is started, killed and started again, over the same data. `pace` 0: models answer at once. */
export async function slackMachine(env: Readonly<Record<string, string | undefined>>, pace = 0) {
  const folder = await temporaryFolder();
  const configs = join(folder, "configs");
  await mkdir(configs);
  await writeFile(join(configs, "default.yaml"), team(pace));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const own = { PARLEY_DATA: join(folder, "data"), PARLEY_CONFIGS: configs, PORT: String(port) };
  /** Starts it; resolves at once. */
  const launch = (more: Readonly<Record<string, string | undefined>> = {}) =>
    startParley({ args: ["start"], env: { ...own, SLACK_FRESH_MINUTES: "0", ...env, ...more } });
  return {
    url,
    events: `${url}/slack/events`,
    /** Folder of its team files. */
    configs,
    /** Folder of its data. */
    data: own.PARLEY_DATA,
    launch,
    /** Starts it; resolves when it serves. */
    async start(more: Readonly<Record<string, string | undefined>> = {}) {
      const parley = launch(more);
      await parley.until(() => {
        if (!parley.errors().includes('"serving"')) throw new Error("It does not serve yet.");
      });
      return parley;
    },
    until: <T>(check: () => T): Promise<T> => vi.waitFor(check, PATIENCE),
  };
}
