import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import { openSqlite } from "../../src/store/sqlite/open-sqlite.ts";
import { endOnSignals, endWithUs } from "../ending.ts";
import {
  type Postgres,
  PostgresMissingError,
  startPostgres,
} from "../../test/support/start-postgres.ts";
import { measureResume, measureTakeover, type Resumed } from "./measure-death.ts";
import { measureTurns, share, type TurnFigures } from "./measure-turns.ts";

const TURNS = 600;
const DEATHS = 5;

/** What the store and its engine cost, embedded and on PostgreSQL; null where there is no PostgreSQL. */
export async function runStoreBench(): Promise<Record<string, number | null>> {
  endOnSignals();
  const sqlite = await inFolder((folder) =>
    measureTurns(openSqlite(join(folder, "parley.db")), folder, TURNS),
  );
  const resumed = await measureResumes();
  const postgres = await measurePostgres();
  print(sqlite, resumed, postgres);
  return {
    added_ms_p50_sqlite: round(sqlite.added),
    added_ms_p50_postgres: round(postgres?.turns.added),
    turns_per_s_sqlite: round(sqlite.perSecond),
    turns_per_s_postgres: round(postgres?.turns.perSecond),
    resume_ms_sqlite: round(resumed.fromOpening),
    takeover_ms_postgres: round(postgres?.killed),
    takeover_frozen_ms_postgres: round(postgres?.frozen),
    memory_mb_sqlite: round(sqlite.memory),
    memory_mb_postgres: round(postgres?.turns.memory),
  };
}

/** The middle of some. */
async function measureResumes(): Promise<Resumed> {
  const all: Resumed[] = [];
  for (let n = 0; n < DEATHS; n++) all.push(await measureResume());
  const middle = (of: (one: Resumed) => number) => share(all.map(of), 0.5);
  return {
    fromOpening: middle(({ fromOpening }) => fromOpening),
    fromDeath: middle(({ fromDeath }) => fromDeath),
  };
}

interface OnPostgres {
  readonly turns: TurnFigures;
  /** Until another process runs the turn of one that was killed, p50, ms. */
  readonly killed: number;
  /** The same of one that was frozen, ms. */
  readonly frozen: number;
}

async function measurePostgres(): Promise<OnPostgres | undefined> {
  const postgres = await startPostgres().catch(tellWhatIsMissing);
  if (!postgres) return undefined;
  console.log(`${postgres.description}\n`);
  const forget = endWithUs(() => postgres.stop());
  try {
    const { url } = postgres;
    const turns = await inFolder(async (folder) =>
      measureTurns(await openPostgres(url), folder, TURNS),
    );
    const killed: number[] = [];
    for (let n = 0; n < DEATHS; n++) killed.push(await measureTakeover(url, "SIGKILL"));
    return { turns, killed: share(killed, 0.5), frozen: await measureTakeover(url, "SIGSTOP") };
  } finally {
    forget();
    await postgres.stop();
  }
}

function tellWhatIsMissing(error: unknown): Postgres | undefined {
  if (!(error instanceof PostgresMissingError)) throw error;
  console.log(`Without PostgreSQL: ${error.message}\n`);
  return undefined;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const round = (value: number | undefined): number | null =>
  value === undefined ? null : Math.round(value * 100) / 100;

const text = (value: number | undefined, digits = 1): string => value?.toFixed(digits) ?? "–";

/**
 * The reference: storage.md, sections 1 and 3.5, on 2 vCPU: a handler without steps over the bare engines (LocalEngine; pg-boss 12.38 on
 * PostgreSQL 15.20), where ours is a whole turn of two agents with a dozen journaled events.
 */
function print(sqlite: TurnFigures, resumed: Resumed, postgres: OnPostgres | undefined): void {
  const { turns, killed, frozen } = postgres ?? {};
  const on: Partial<TurnFigures> = turns ?? {};
  const rows = [
    ["", "SQLite", "reference", "PostgreSQL", "reference"],
    ["added per turn, p50 ms", text(sqlite.added), "1", text(on.added), "11"],
    ["  p95 ms", text(sqlite.added95), "1", text(on.added95), "16"],
    ["question to answer, p50 ms", text(sqlite.whole), "–", text(on.whole), "–"],
    ["turns per second", text(sqlite.perSecond, 0), "9346", text(on.perSecond, 0), "111–228"],
    ["resumed after kill -9, ms", text(resumed.fromOpening), "66", "–", "–"],
    ["  from the death, start included", text(resumed.fromDeath, 0), "–", "–", "–"],
    ["taken over after kill -9, ms", "–", "–", text(killed, 0), "11600"],
    ["taken over when frozen, ms", "–", "–", text(frozen, 0), "11600"],
    ["memory of the bench, MB", text(sqlite.memory, 0), "53", text(on.memory, 0), "106"],
  ];
  for (const [name = "", ...values] of rows) {
    console.log(`${name.padEnd(34)}${values.map((value) => value.padStart(12)).join("")}`);
  }
  console.log();
}
