import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll } from "vitest";
import { z } from "zod";
import type { Backend } from "../../src/backends/backend.ts";
import {
  type ClaudeCodeOptions,
  createClaudeCodeBackend,
} from "../../src/backends/claude-code/claude-code.ts";
import { type CliHost, createCliHost } from "../../src/backends/cli/cli-host.ts";
import { systemClock } from "../../src/clock.ts";

const FAKE = fileURLToPath(new URL("../servers/cli/claude/fake-claude.ts", import.meta.url));

/** How the fake CLI was started. */
const Started = z.object({
  pid: z.number(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
});
type Started = z.infer<typeof Started>;

interface ClaudeCodeSetup {
  readonly command?: string | undefined;
  readonly ends?: "test" | "block";
}

/** Backends of Claude Code for the tests of a block, over the fake CLI or the one at `command`. Their processes end with each test, or the block. */
export function useClaudeCode({ command, ends = "test" }: ClaudeCodeSetup = {}) {
  const place = { folder: "", fake: "" };
  let host: CliHost | null = null;
  const close = async (): Promise<void> => {
    const running = host;
    host = null;
    await running?.close();
  };
  beforeAll(async () => {
    // Not below the system's temporary folder, which other users may read.
    place.folder = await mkdtemp(join(import.meta.dirname, "../../node_modules/.cache-cli-"));
    place.fake = join(place.folder, "claude");
    await writeFile(place.fake, `#!/bin/sh\nexec "${process.execPath}" "${FAKE}" "$@"\n`);
    await chmod(place.fake, 0o755);
  });
  afterEach(async () => {
    if (ends === "test") await close();
  });
  afterAll(async () => {
    await close();
    await rm(place.folder, { recursive: true, force: true });
  });
  const log = () => join(place.folder, "started.jsonl");
  return {
    /** The data folder of Parley. */
    folder: () => place.folder,
    fake: () => place.fake,
    create(options: Partial<ClaudeCodeOptions> & Pick<ClaudeCodeOptions, "model">): Backend {
      host ??= createCliHost({
        clock: systemClock,
        wallClock: Date.now,
        dataFolder: place.folder,
        pid: process.pid,
      });
      return createClaudeCodeBackend({
        host,
        baseUrl: undefined,
        login: { type: "own" },
        reasoning: undefined,
        maxOutputTokens: undefined,
        command: command ?? place.fake,
        parleyEnv: { PATH: "/usr/bin:/bin" },
        ...options,
        env: { FAKE_CLAUDE_LOG: log(), ...options.env },
      });
    },
    /** Ends all processes, as Parley does when it stops. */
    close,
    /** The processes that were started so far. */
    async started(): Promise<readonly Started[]> {
      const lines = await readFile(log(), "utf8").catch(() => "");
      return lines
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => Started.parse(JSON.parse(line)));
    },
  };
}
