import { dirname } from "node:path";
import { expect, test } from "vitest";
import { importsOf, sourceFiles, isUnder } from "./support/source-files.ts";

/**
 * Who may import whom, types included. The first row whose place a file matches counts; its own folder, `node:*` and the leaves are always
 * allowed; a file without a row may import nothing. A border that turns out wrong is moved here, in the change that shows it.
 */
const LEAVES = [
  "src/adapter-storage.ts",
  "src/bounded-map.ts",
  "src/clock.ts",
  "src/file-content.ts",
  "src/links/",
  "src/ids.ts",
  "src/loop-gate.ts",
  "src/repeat-filter.ts",
  "src/reply.ts",
  "src/slices.ts",
  "src/slots.ts",
  "src/timers.ts",
  "src/stray-errors.ts",
  "src/text/",
  "zod",
];
/** What adapters are written against. */
const PORTS = [
  "src/adapter-kit/",
  "src/commands/",
  "src/coordination/",
  "src/http/http-server.ts",
  "src/markdown/",
  "src/platform.ts",
  "src/progress/",
  "src/sealing/",
  "src/settings.ts",
];
const MICROMARK = ["micromark-core-commonmark", "micromark-extension-gfm"];
/** What both databases are, and what is kept in them. */
const DATABASE = ["database", "rollback-only", "row", "store-error"].map(
  (name) => `src/store/${name}.ts`,
);
/** What a team file says about turns. */
const POLICY = ["src/coordination/policy.ts", "src/coordination/cache-life.ts"];
const CALL_EVENTS = ["failure-reason", "queue-events", "turn-event", "usage"].map(
  (name) => `src/coordination/${name}.ts`,
);
const TOLD = [
  "src/coordination/runner/ports.ts",
  "src/coordination/turn-event.ts",
  "src/coordination/usage.ts",
  "src/track-records/turn-record.ts",
];
const TABLE: readonly (readonly [place: string, allowed: readonly string[]])[] = [
  ["src/main.ts", ["*"]],
  ["src/cli/", ["*"]],
  [
    "src/bot/",
    [
      "src/adapter-kit/catch-up.ts",
      "src/budgets/",
      "src/commands/",
      "src/platform.ts",
      "src/progress/",
      "src/store/",
      "src/teams/",
      "src/tenants/",
      "src/track-records/",
      "src/turns/",
      "src/coordination/",
    ],
  ],
  ["src/platform.ts", ["src/progress/"]],
  [
    "src/adapter-kit/",
    [
      "src/commands/command-options.ts",
      "src/commands/ports.ts",
      "src/coordination/",
      "src/http/http-server.ts",
      "src/platform.ts",
      "src/progress/",
      "src/settings.ts",
      "string-width",
    ],
  ],
  ["src/sealing/", []],
  ["src/tenants/", ["src/backends/", "src/platform.ts", "src/sealing/", "src/teams/"]],
  ["src/settings.ts", ["src/teams/team-variables.ts"]],
  ["src/serve/", ["src/"]],
  ["src/parley/", ["src/"]],
  ["src/markdown/", ["mdast-util-from-markdown", "mdast-util-gfm", ...MICROMARK]],
  ["src/http/", ["src/settings.ts"]],
  ["src/coordination/", []],
  ["src/checks/", ["src/coordination/check-result.ts", "src/markdown/regions.ts"]],
  ["src/conversation/", ["src/platform.ts"]],
  ["src/context/", ["src/backends/backend.ts", "src/conversation/", "src/platform.ts"]],
  [
    "src/moves/",
    [
      "src/backends/backend.ts",
      "src/backends/output-history.ts",
      "src/backends/reply-text/",
      "src/context/",
      "src/conversation/message.ts",
      "src/coordination/",
    ],
  ],
  [
    "src/backends/resilience/",
    ["cockatiel", "src/backends/", ...CALL_EVENTS, "src/coordination/policy.ts"],
  ],
  [
    "src/backends/simulated/",
    ["src/backends/", "src/coordination/turn-event.ts", "src/coordination/usage.ts"],
  ],
  [
    "src/backends/",
    [
      "@anthropic-ai/sdk",
      "@google/genai",
      "@modelcontextprotocol/server",
      "@pydantic/genai-prices",
      "eventsource-parser",
      "openai",
      ...CALL_EVENTS,
      ...POLICY,
      "src/pdf/read-pdf.ts",
    ],
  ],
  ["src/pdf/", ["unpdf"]],
  ["src/teams/", ["src/backends/", ...POLICY, "yaml", "#configs", "src/platform.ts"]],
  [
    "src/budgets/",
    [
      "src/backends/",
      "src/coordination/policy.ts",
      "src/platform.ts",
      "src/progress/format.ts",
      "src/store/",
      "src/teams/",
    ],
  ],
  [
    "src/commands/",
    [
      "src/backends/keys.ts",
      "src/budgets/",
      "src/teams/",
      "src/tenants/",
      "src/platform.ts",
      "src/coordination/",
      "src/progress/",
      "src/track-records/",
    ],
  ],
  ["src/track-records/", ["src/backends/", "src/coordination/", "src/store/"]],
  ["src/progress/", ["src/coordination/"]],
  ["src/store/sqlite/", DATABASE],
  ["src/store/postgres/", [...DATABASE, "pg"]],
  ["src/store/tables/", [...DATABASE, ...TOLD, "src/platform.ts"]],
  ["src/store/keyv/", [...DATABASE, "@keyv/sqlite", "keyv", "src/store/sqlite/"]],
  ["src/store/", []],
  ["src/turns/engine/boss/", ["pg-boss", "src/store/", "src/turns/"]],
  ["src/delivery/", ["src/markdown/", "src/platform.ts", "src/progress/", "src/store/"]],
  [
    "src/turns/",
    [
      "src/backends/",
      "src/budgets/",
      "src/checks/",
      "src/context/",
      "src/conversation/",
      "src/coordination/",
      "src/delivery/",
      "src/moves/",
      "src/platform.ts",
      "src/progress/",
      "src/store/",
      "src/teams/",
      "src/track-records/",
    ],
  ],
  [
    "src/telemetry/",
    [
      "pino",
      "pino-pretty",
      "src/adapter-kit/adapter.ts",
      "src/settings.ts",
      "src/coordination/",
      "src/turns/turn-step.ts",
    ],
  ],
  ["test/example-adapter/", PORTS],
  ["adapters/terminal/", [...PORTS, "string-width", "sugar-high", "wrap-ansi"]],
  ["adapters/slack/", [...PORTS, "@slack/bolt"]],
  [
    "adapters/discord/",
    [
      ...PORTS,
      "discord.js",
      "src/budgets/reach.ts",
      "src/delivery/split.ts",
      "src/teams/listening.ts",
    ],
  ],
];

const files = sourceFiles(["src", "adapters", "test/example-adapter"]);

function forbidden(file: string): readonly string[] {
  const row = TABLE.find(([place]) => isUnder(place, file));
  const [place, allowed] = row ?? [file, []];
  if (allowed.includes("*")) return [];
  const own = place.endsWith("/") ? place : `${dirname(file)}/`;
  return importsOf(file).filter(
    (target) =>
      !target.startsWith(own) &&
      ![...LEAVES, ...allowed].some(
        (place_) => isUnder(place_, target) || target.startsWith(`${place_}/`),
      ),
  );
}

test("every file imports only what the table allows its place", () => {
  const broken = files.flatMap((file) => forbidden(file).map((target) => `${file} → ${target}`));
  expect(broken).toEqual([]);
});

test("only the composition root and the command line know the adapters", () => {
  const broken = files
    .filter(
      (file) => file.startsWith("src/") && !file.startsWith("src/cli/") && file !== "src/main.ts",
    )
    .flatMap((file) => importsOf(file).filter((target) => target.startsWith("adapters/")));
  expect(broken).toEqual([]);
});

test("no file hides behind a name that says nothing", () => {
  const nothing =
    /(^|\/)(utils?|helpers?|common|manager|service|handler|base|types|constants)\.ts$/;
  expect(files.filter((file) => nothing.test(file))).toEqual([]);
});
