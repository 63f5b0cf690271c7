import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { createGenericAcpBackend } from "../../../src/backends/acp/generic.ts";
import type { Backend } from "../../../src/backends/backend.ts";
import { createCliHost } from "../../../src/backends/cli/cli-host.ts";
import { systemClock } from "../../../src/clock.ts";
import { describeBackendContract } from "../contract.ts";

const dataFolder = mkdtempSync(join(tmpdir(), "parley-"));
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

const agent = fileURLToPath(new URL("../../servers/cli/fake-acp.ts", import.meta.url));
/** One process serves all calls of the same settings, one after another and at once: nothing of one may reach another. */
const known = new Map<string, Backend>();

describeBackendContract("acp", {
  wire: "chat",
  keyName: "env",
  differs: {
    noForce: true,
    oneMessage: true,
    noRetryAfter: true,
    noKeepAlive: true,
    noCacheWrites: true,
    ownRequest: true,
    movesServer: true,
  },
  create({ url, model, apiKey }) {
    const key = `${url} ${model} ${apiKey}`;
    const backend =
      known.get(key) ??
      createGenericAcpBackend({
        model,
        host,
        env: {},
        command: process.execPath,
        args: [agent],
        ownEnv: { FAKE: "system", FAKE_MODEL_URL: url, FAKE_MODEL: model, FAKE_KEY: apiKey },
      });
    known.set(key, backend);
    return backend;
  },
});
