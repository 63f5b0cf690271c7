import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Postgres, startPostgres } from "../../test/support/start-postgres.ts";
import { createRandom } from "../random.ts";
import { askAll, type Asked, planThreads } from "./ask.ts";
import { type Diary, openDiary } from "./diary.ts";
import { createDiscordPlatform } from "./discord-platform.ts";
import { createFaultDraw, type FaultKind } from "./faults.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { type Havoc, wreakHavoc } from "./havoc.ts";
import { type Broken, checkLaws, isAnswered, isAtRest } from "./laws.ts";
import { createModelServer, type ModelServer } from "./model-server.ts";
import type { ChaosOptions } from "./options.ts";
import type { ChaosPlatform } from "./place.ts";
import { createSlackPlatform } from "./slack-platform.ts";
import { teamFile } from "./team.ts";

/** What a run came to. */
export interface ChaosResult {
  readonly broken: Broken;
  readonly havoc: Havoc;
  readonly threads: number;
  readonly seconds: number;
  readonly store: string;
  readonly calls: {
    readonly made: number;
    readonly least: number;
    /** Neither first nor in place of calls that kills and freezes have lost. */
    readonly needless: readonly string[];
  };
  readonly repeated: readonly string[];
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly platformCalls: number;
  readonly deaths: readonly string[];
  readonly unwillingToLeave: readonly string[];
  readonly warnings: ReadonlyMap<string, number>;
  readonly complaints: readonly string[];
  /** With the bots' logs; kept when a law was broken. */
  readonly folder: string;
}

/** Longest wait for answers after the last question, ms. */
const PATIENCE_MS = 90_000;
/** For a second answer to turn up that should not, ms. */
const QUIET_MS = 4_000;
/** For the last records of turns that are over, ms. */
const RECORDS_MS = 30_000;

type Closing = (() => Promise<void>)[];

/** Drives real bots over local platforms until every question is answered or patience ends. Whatever it starts has ended when it settles. */
export async function runChaos(options: ChaosOptions, signal: AbortSignal): Promise<ChaosResult> {
  const closing: Closing = [];
  try {
    return await run(options, closing, signal);
  } finally {
    for (const close of closing.toReversed()) await close().catch(() => {});
  }
}

async function run(
  options: ChaosOptions,
  closing: Closing,
  signal: AbortSignal,
): Promise<ChaosResult> {
  const random = createRandom(options.seed);
  const scene = await setScene(options, closing, { random, signal });
  const { fleet, platforms, folder, diary } = scene;
  const { calls } = scene.models;
  const startedAt = performance.now();
  const asking = { ...options, platforms, random, signal, diary };
  const planned = planThreads(asking);
  const [havoc] = await Promise.all([
    wreakHavoc({
      ...asking,
      fleet,
      durationMs: options.askingMs,
      onBlow: (seat) => calls.strike(seat),
    }),
    askAll(planned, asking),
  ]);
  await waitFor(planned, isAnswered, PATIENCE_MS, signal);
  await sleep(QUIET_MS, undefined, { signal });
  await waitFor(planned, isAtRest, RECORDS_MS, signal);
  const seconds = (performance.now() - startedAt) / 1000;
  const unwillingToLeave = await fleet.leave();
  return {
    broken: checkLaws(planned, (question) => calls.firstAsked(question)),
    havoc,
    threads: planned.length,
    seconds,
    store: scene.store,
    calls: { made: calls.made(), least: calls.least(), needless: calls.needless() },
    repeated: calls.repeated(),
    faults: scene.drawn(),
    platformCalls: platforms.reduce((sum, platform) => sum + platform.calls(), 0),
    deaths: fleet.deaths(),
    unwillingToLeave,
    warnings: fleet.warnings(),
    complaints: platforms.flatMap((platform) => platform.complaints()),
    folder,
  };
}

interface ChaosScene {
  readonly fleet: Fleet;
  readonly platforms: readonly ChaosPlatform[];
  readonly models: ModelServer;
  readonly folder: string;
  readonly store: string;
  readonly diary: Diary;
  readonly drawn: () => ReadonlyMap<FaultKind, number>;
}

async function setScene(
  options: ChaosOptions,
  closing: Closing,
  { random, signal }: { readonly random: () => number; readonly signal: AbortSignal },
): Promise<ChaosScene> {
  const closable = <T extends { stop(): Promise<void> }>(part: T): T => {
    closing.push(() => part.stop());
    return part;
  };
  const folder = await mkdtemp(join(tmpdir(), "parley-chaos-"));
  const diary = closable(openDiary(join(folder, "chaos.log")));
  const postgres = options.isEmbedded ? undefined : closable(await startPostgres());
  const models = closable(await createModelServer({ thinkMs: () => 200 + random() * 1_000 }));
  const faults = createFaultDraw(options.faults, random);
  const platforms = [
    closable(await createSlackPlatform(() => faults.slack())),
    closable(await createDiscordPlatform(() => faults.discord())),
  ];
  const env = await environment(folder, { models, platforms, postgres });
  const fleet = await startFleet({ ...options, folder, env, random, signal });
  closing.push(() => fleet.end());
  const store = postgres?.description ?? `SQLite ${process.versions["sqlite"] ?? ""}`;
  return { fleet, platforms, models, folder, store, diary, drawn: faults.drawn };
}

async function environment(
  folder: string,
  {
    models,
    platforms,
    postgres,
  }: {
    models: ModelServer;
    platforms: readonly ChaosPlatform[];
    postgres: Postgres | undefined;
  },
): Promise<Readonly<Record<string, string>>> {
  const configs = join(folder, "configs");
  await mkdir(configs);
  await writeFile(join(configs, "chaos.yaml"), teamFile(models.url));
  return {
    PARLEY_CONFIGS: configs,
    PARLEY_TEAM: "chaos",
    ...Object.assign({}, ...platforms.map(({ env }) => env)),
    ...(postgres && { DATABASE_URL: postgres.url }),
  };
}

/** Until it is so in every thread; gives up in the end, for the laws to tell. */
async function waitFor(
  planned: readonly Asked[],
  isSo: (asked: Asked) => boolean,
  patienceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const until = performance.now() + patienceMs;
  for (let left = planned; performance.now() < until;) {
    left = left.filter((asked) => !isSo(asked));
    if (left.length === 0) return;
    await sleep(300, undefined, { signal });
  }
}

/** Removes what a run left to look at. */
export const forgetRun = ({ folder }: ChaosResult): Promise<void> =>
  rm(folder, { recursive: true, force: true });
