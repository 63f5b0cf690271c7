import { onTestFinished } from "vitest";
import { timingReply } from "../../src/progress/timing-reply.ts";
import { systemClock } from "../../src/clock.ts";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { createBudgets } from "../../src/budgets/budgets.ts";
import { createCalendar } from "../../src/budgets/calendar.ts";
import type { InstalledLimit } from "../../src/budgets/survey.ts";
import { createCommands } from "../../src/commands/commands.ts";
import { completions } from "../../src/commands/completions.ts";
import { parseCommand } from "../../src/commands/parse/parse-command.ts";
import type {
  Asker,
  CommandPorts,
  TurnsPort,
  UsageTotals,
  UsageWhere,
} from "../../src/commands/ports.ts";
import type { CommandReply, ReplyBlock } from "../../src/reply.ts";
import { formatConversationId, type Place } from "../../src/ids.ts";
import type { Level } from "../../src/platform.ts";
import { openStore } from "../../src/store/store.ts";
import { createBindings } from "../../src/teams/bindings.ts";
import { createListening } from "../../src/teams/listening.ts";
import { shippedConfigs } from "../../src/teams/files/load-team-files.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import { createOwnKeys } from "../../src/tenants/own-keys.ts";
import { createTeamDirectory } from "../../src/tenants/visible-teams.ts";
import { createMemoryBindings } from "../support/memory-bindings.ts";
import { ALL_KEYS } from "../teams/files/read.ts";

const rowText = (row: readonly string[]) => row.join(" | ").trim();

function blockText(block: ReplyBlock): string {
  if (block.type === "text") return block.markdown;
  return block.type === "code"
    ? block.text
    : [block.columns, ...block.rows].map(rowText).join("\n");
}

/** A reply as a person reads it. */
export const textOf = ({ title, blocks }: CommandReply): string =>
  [title, ...blocks.map(blockText)].join("\n");

const quiet: TurnsPort = {
  ask: async () => ({ outcome: "begun" }),
  stop: async () => false,
  refusals: async () => [],
  rate: async () => ({ outcome: "unknown" }),
  ratings: async () => [],
  finish: async () => "idle",
  prefer: async () => ({ outcome: "closed" }),
  retry: async () => ({ outcome: "unknown" }),
  timing: async () => null,
  hasBegun: async () => false,
  untaken: async () => [],
  status: async () => null,
  last: async () => null,
  get: async () => null,
  threads: async () => ({ running: [], latest: null }),
  steer: async () => ({ outcome: "idle" }),
  restart: async () => ({ outcome: "idle" }),
};

/** Midnight, UTC. */
const NOW = 40 * 86_400_000;

interface RoomOptions {
  readonly turns?: Partial<TurnsPort>;
  readonly usage?: readonly (UsageTotals & { readonly key: string })[];
  readonly dirs?: readonly string[];
  readonly env?: Record<string, string>;
  readonly setting?: string;
  readonly isMany?: () => boolean;
  readonly platform?: string;
  readonly limits?: readonly InstalledLimit[];
  /** What models do not take, by model. */
  readonly concessions?: Readonly<Record<string, readonly string[]>>;
}

/** A Slack thread in which people give commands; the shipped teams are there, and all keys. */
export async function openRoom(options: RoomOptions = {}) {
  const { dirs = [], env = ALL_KEYS, usage = [], platform = "slack" } = options;
  const place: Place = { platform, space: "T1", channel: "C1", thread: "17.5" };
  const book = await createTeamBook({
    shipped: shippedConfigs(),
    dirs: [shippedConfigs(), ...dirs],
    env,
    clock: systemClock,
    watch: null,
  });
  const store = createMemoryBindings();
  const kept = await openStore({ dir: ":memory:", pid: 1, now: () => NOW });
  onTestFinished(() => kept.close());
  const wallClock = () => 1_000;
  const keys = createOwnKeys({ rows: kept.installs.of("own keys"), env });
  const teams = createTeamDirectory({
    book,
    setting: options.setting,
    isMany: options.isMany,
    keys,
    env,
  });
  const bindings = createBindings({ teams, store, setting: options.setting, wallClock });
  const asked: UsageWhere[] = [];
  const tokens = { input: 0, cached: 0, cacheWritten: 0, output: 0, estimated: 0 };
  const none = { key: "", turns: 0, ...tokens, costUsd: 0, unpriced: 0 };
  const ports: CommandPorts = {
    teams,
    keys,
    bindings,
    listening: createListening({ store, wallClock }),
    turns: { ...quiet, ...options.turns },
    timingReply,
    usage: {
      sum: async (where) => {
        asked.push(where);
        return usage[0] ?? none;
      },
      sumBy: async () => usage,
    },
    trackRecords: kept.trackRecords,
    concessions: (backend) => options.concessions?.[backend.model] ?? [],
    whyReply: ({ team }) => ({ title: `Why ${team}`, blocks: [], visibleTo: "asker", ok: true }),
    budgets: createBudgets({
      store: kept,
      catalogue: createCatalogue(),
      calendar: createCalendar("UTC"),
      installed: options.limits ?? [],
      isMany: options.isMany ?? (() => false),
      wallClock: () => NOW,
    }),
    spellFor: () => (words) => words,
    version: "Parley 0.1.0",
    wallClock: () => NOW,
  };
  const commands = createCommands(ports);
  const asker = (level: Level): Asker => ({
    conversation: formatConversationId(place),
    person: { id: "U1", name: "Ada", kind: "person" },
    level,
  });
  const say = (text: string, level: Level = "everyone") =>
    commands.run(parseCommand(text), asker(level));
  return {
    asked,
    store: kept,
    say,
    /** What the asker reads. */
    hear: async (text: string, level?: Level) => textOf(await say(text, level)),
    complete: async (prefix: string, level: Level = "everyone") =>
      (await completions(prefix, ports, asker(level))).map(({ text }) => text),
    here: () => bindings.resolve(place),
  };
}
