import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

/** Several real processes, PostgreSQL fleets, a death at every step. `npm test` leaves them out; `npm run test:all` runs them. */
const SLOW = [
  "test/adapters/slack/process.test.ts",
  "test/backends/cli/orphans.test.ts",
  "test/bot/two-processes.test.ts",
  "test/budgets/two-parleys.test.ts",
  "test/delivery/pglite.test.ts",
  "test/e2e/*.test.ts",
  // It measures a measure, for minutes on a busy machine.
  "test/growth.test.ts",
  "test/operations.test.ts",
  // It checks each pattern of the source, for half a minute.
  "test/patterns.test.ts",
  "test/store/kill.test.ts",
  "test/store/move-store.test.ts",
  "test/store/postgres*.test.ts",
  "test/turns/engine/boss-engine.test.ts",
  "test/turns/engine/every-death.test.ts",
  "test/turns/engine/processes.test.ts",
  "test/turns/engine/restart.test.ts",
  "test/turns/engine/rolling-deploy.test.ts",
  "test/turns/engine/several-engines.test.ts",
  "test/turns/engine/unreadable-turns.test.ts",
];

/** discord.js brings an HTTP client that becomes the one of the whole process: its tests share processes with one another alone. */
const DISCORD = ["test/adapters/discord/**/*.test.ts", "test/links/platforms.test.ts"];

/** They install the real CLI agents and run them. `npm run test:cli` alone runs them. */
const REAL_CLIS = ["test/real-clis/*.test.ts"];

/** They replace something global (time, variables, how Node treats an error), so each has a process of its own. */
const ISOLATED = [
  "test/adapters/discord/server/twin.test.ts",
  "test/adapters/slack/connection.test.ts",
  // It measures processor time, which other files in the process would change.
  "test/hostile-text.test.ts",
  "test/store/key-values.test.ts",
];

/** `npm test` tries their properties a few times, `npm run test:all` as often as PARLEY_TEST_RUNS says. */
const WITH_PROPERTIES = globSync("test/**/*.test.ts").filter((path) =>
  readFileSync(path, "utf8").includes("support/property-runs.ts"),
);
const PROPERTIES = {
  extends: true,
  test: {
    name: "properties",
    include: WITH_PROPERTIES,
    isolate: false,
    testTimeout: 900_000,
  },
} as const;

export default defineConfig({
  test: {
    // Tests wait for servers, clocks and processes more than they compute.
    maxWorkers: 2 * availableParallelism(),
    // Limits for what hangs: a busy machine takes ten times as long as a quiet one.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...SLOW, ...ISOLATED, ...DISCORD, ...REAL_CLIS],
          // Loading the same modules for each file takes half of the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "discord",
          include: DISCORD,
          exclude: [...configDefaults.exclude, ...ISOLATED],
          isolate: false,
        },
      },
      { extends: true, test: { name: "isolated", include: ISOLATED } },
      {
        extends: true,
        // Each wait has a limit of its own; together they may take long on a busy machine.
        test: { name: "slow", include: SLOW, testTimeout: 300_000 },
      },
      {
        extends: true,
        test: { name: "cli", include: REAL_CLIS, globalSetup: "test/real-clis/install.ts" },
      },
      ...(process.env["PARLEY_TEST_RUNS"] ? [PROPERTIES] : []),
    ],
  },
});
