import { createPostedMessages } from "../../adapters/slack/post/own-messages.ts";
import { createBlockFallback } from "../../adapters/slack/post/block-fallback.ts";
import { createPostLimits } from "../../adapters/slack/post/post-limits.ts";
import { createPosts } from "../../adapters/slack/post/posts.ts";
import type { Client } from "../../adapters/slack/api/clients.ts";
import { createLiveThreads } from "../../adapters/slack/threads/live-threads.ts";
import { createUsageLeases } from "../../src/adapter-kit/rate-limit/usage-leases.ts";
import { createDelivery } from "../../src/delivery/delivery.ts";
import { ConversationId, TurnId } from "../../src/ids.ts";
import { PlatformError } from "../../src/platform.ts";
import type { StatusView } from "../../src/progress/status-view.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { finalOf, statusOf } from "../../test/delivery/delivery-bench.ts";
import { createRateLimits } from "../../test/servers/slack/web-api/rate-limits.ts";
import { createFakeClock, type FakeClock } from "../../test/support/fake-clock.ts";

const PROCESSES = 3;
const MINUTES = 5;
/** How long turns take, ms: from, to. */
const TURN_MS = [8_000, 40_000] as const;
const RATES = [12, 47, 100];

/** From the answer to the last edit of its status, at so many messages a minute in one Slack workspace that three processes serve; simulated time. */
export async function runStatusBench(): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const perMinute of RATES) Object.assign(figures, await measure(perMinute));
  for (const [name, value] of Object.entries(figures))
    console.log(`${name.padEnd(28)} ${value.toFixed(1).padStart(8)}`);
  return figures;
}

interface Lags {
  readonly closing: number[];
  readonly answers: number[];
  statuses: number;
}

async function measure(perMinute: number): Promise<Record<string, number>> {
  const clock = createFakeClock();
  const store = await openStore({ dir: ":memory:", pid: 1, now: () => clock.now() });
  const slack = createSlackLimits(clock);
  const bots = Array.from({ length: PROCESSES }, () => createBot(clock, store, slack.client));
  const random = createRandom(perMinute);
  const lags: Lags = { closing: [], answers: [], statuses: 0 };
  const turns: Promise<void>[] = [];
  for (let n = 0; n < perMinute * MINUTES; n++) {
    const bot = bots[Math.floor(random() * bots.length)] ?? bots[0];
    const ms = TURN_MS[0] + random() * (TURN_MS[1] - TURN_MS[0]);
    if (bot) turns.push(runTurn({ clock, store, lags, n, ms }, bot));
    // Messages come at random.
    await clock.advance((-Math.log(1 - random()) * 60_000) / perMinute);
  }
  const all = Promise.all(turns);
  const state = { isOver: false };
  void all.then(() => (state.isOver = true));
  while (!state.isOver) await clock.advance(1_000);
  await store.close();
  const named = (name: string) => `${name} at ${perMinute}/min`;
  return {
    [named("lag p50, s")]: share(lags.closing, 0.5) / 1_000,
    [named("lag p99, s")]: share(lags.closing, 0.99) / 1_000,
    [named("lag max, s")]: share(lags.closing, 1) / 1_000,
    [named("answer max, s")]: share(lags.answers, 1) / 1_000,
    [named("with status, %")]: (100 * lags.statuses) / turns.length,
    [named("edits a turn")]: slack.edits() / turns.length,
    [named("refused")]: slack.refused(),
  };
}

interface Running {
  readonly clock: FakeClock;
  readonly store: Store;
  readonly lags: Lags;
  readonly n: number;
  readonly ms: number;
}

async function runTurn({ clock, store, lags, n, ms }: Running, bot: Bot): Promise<void> {
  const id = TurnId.parse(`turn-${n}`);
  const conversation = ConversationId.parse(`slack:T1:C${n % 20}:${n}.1`);
  await store.turns.add({ id, conversation, request: "m", person: "slack:U1", team: {} });
  const turn = await store.turns.start(id);
  if (!turn) throw new Error("The turn has ended.");
  const began = clock.now();
  const view = (phase: StatusView["phase"]): StatusView => ({
    ...statusOf("", clock.now() - began),
    turn: id,
    phase,
  });
  const status = bot.delivery.status(turn);
  status.show(view("answering"));
  while (clock.now() - began < ms) {
    await wait(clock, 1_000);
    status.show(view("answering"));
  }
  const decided = clock.now();
  await bot.delivery.final(turn, { ...finalOf("42"), turn: id });
  lags.answers.push(clock.now() - decided);
  const answered = clock.now();
  await status.freeze(view("answered"));
  if (!bot.hasStatus(id)) return;
  lags.statuses++;
  lags.closing.push(clock.now() - answered);
}

type Bot = ReturnType<typeof createBot>;

function createBot(clock: FakeClock, store: Store, client: Client) {
  const onProblem = (problem: unknown) => console.error(problem);
  const leases = createUsageLeases({
    state: store.adapterState.of("slack"),
    clock,
    wallClock: () => clock.now(),
    processes: PROCESSES,
    onProblem,
  });
  const workspace = {
    team: "T1",
    enterprise: undefined,
    token: "xoxb-1",
    botUser: "UBOT",
    botId: undefined,
  };
  const withStatus = new Set<TurnId>();
  const posts = createPosts({
    workspaceOf: async () => workspace,
    clients: () => ({ reading: client, progress: client, finals: client }),
    posted: createPostedMessages(),
    live: createLiveThreads(clock),
    clock,
    limits: createPostLimits({ clock, processes: PROCESSES, leases }),
    blocks: createBlockFallback({ clock, onProblem }),
    onPosted: (_, { kind, turn }) => void (kind === "status" && withStatus.add(turn)),
  });
  const capabilities = {
    maxTextLength: 10_000,
    footerRoom: 0,
    maxParts: 4,
    minEditIntervalMs: 3_000,
  };
  const { deliveries } = store;
  const platform = { ...posts, capabilities };
  return {
    delivery: createDelivery({ platform, deliveries, clock, onProblem }),
    hasStatus: (turn: TurnId) => withStatus.has(turn),
  };
}

/** Slack's limits, as its test server has them; every call arrives at once. */
function createSlackLimits(clock: FakeClock) {
  const limit = createRateLimits({
    clock,
    tiers: "on",
    scale: 1,
    perMinute: {},
    history: "plenty",
    postBurst: 10,
    postsPerMinute: 300,
  });
  const counts = { edits: 0, refused: 0, ts: 0 };
  const client: Client = {
    async call(method, args, schema) {
      const tier = method === "chat.postMessage" ? "post" : 3;
      const channel = String(args["channel"]);
      const seconds = limit({ method, tier, workspace: "T1", channel });
      if (seconds > 0) {
        counts.refused++;
        throw new PlatformError("rate_limited", "Slow down.", { retryAfterMs: seconds * 1_000 });
      }
      counts.edits += Number(method === "chat.update");
      return schema.parse({ ok: true, ts: `1.${++counts.ts}`, messages: [] });
    },
    upload: async () => {},
  };
  return { client, edits: () => counts.edits, refused: () => counts.refused };
}

const wait = (clock: FakeClock, ms: number) =>
  new Promise<void>((resolve) => void clock.setTimer(ms, resolve));

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const share = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
};
