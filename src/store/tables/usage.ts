import { z } from "zod";
import { parseConversationId } from "../../ids.ts";
import type { ConversationId, TurnId } from "../../ids.ts";
import type { Queries, Value } from "../database.ts";
import { Int } from "../row.ts";
import { valueRows } from "./value-rows.ts";

/** One agent's usage in one turn on one model. */
export interface UsageRow {
  readonly turn: TurnId;
  readonly conversation: ConversationId;
  /** The asker, `{platform}:{person id}`. */
  readonly person: string;
  readonly agent: string;
  readonly model: string;
  readonly input: number;
  readonly cached: number;
  /** The part of `input` that was written to the provider's cache. */
  readonly cacheWritten: number;
  /** The part of `cacheWritten` that is kept for an hour or longer. */
  readonly cacheWrittenLong: number;
  readonly output: number;
  /** Null if the price is unknown. */
  readonly costUsd: number | null;
  /** How many of `input` and `output` are estimates, for aborted calls. */
  readonly estimated: number;
}

/** A filter; all conditions must match. Times in milliseconds since the epoch, `until` exclusive. */
export interface UsageFilter {
  readonly turn?: TurnId;
  readonly platform?: string;
  readonly space?: string;
  readonly channel?: string;
  readonly conversation?: ConversationId;
  readonly person?: string;
  readonly from?: number;
  readonly until?: number;
}

const Sum = z.object({
  turns: Int,
  input: Int,
  cached: Int,
  /** Written to caches, part of `input`. Earlier versions did not record it. */
  cacheWritten: Int,
  cacheWrittenLong: Int,
  output: Int,
  /** The cost of rows with a known price. */
  costUsd: z.coerce.number(),
  /** The number of rows with an unknown price. If there are any, `costUsd` is a lower bound. */
  unpriced: Int,
  /** Estimated tokens, included in `input` and `output`. */
  estimated: Int,
});
export type UsageSum = z.infer<typeof Sum>;

const Group = Sum.extend({ key: z.string() });

const sums = `COUNT(DISTINCT turn) AS turns, COALESCE(SUM(input), 0) AS input, COALESCE(SUM(cached), 0) AS cached,
  COALESCE(SUM(cache_written), 0) AS "cacheWritten", COALESCE(SUM(cache_written_long), 0) AS "cacheWrittenLong",
  COALESCE(SUM(output), 0) AS output, COALESCE(SUM(cost_usd), 0) AS "costUsd", COUNT(*) - COUNT(cost_usd) AS unpriced,
  COALESCE(SUM(estimated), 0) AS estimated`;

/** Tokens and cost, by turn, agent and model. */
export const createUsage = (db: Queries, now: () => number) => ({
  /** Records usage per turn, agent and model. Idempotent: a resumed turn replaces its earlier record. */
  async record(rows: readonly UsageRow[]): Promise<void> {
    if (rows.length === 0) return;
    const params: Value[] = [];
    const values = rows.map((row) => [...valuesOf(row), now()]);
    await db.q(
      `INSERT INTO usage (turn, agent, model, platform, space, channel, conversation, person, input, cached, output, cost_usd, estimated,
         cache_written, cache_written_long, at)
       VALUES ${valueRows(values, params)}
       ON CONFLICT (turn, agent, model) DO UPDATE SET input = excluded.input, cached = excluded.cached,
         output = excluded.output, cost_usd = excluded.cost_usd, estimated = excluded.estimated,
         cache_written = excluded.cache_written, cache_written_long = excluded.cache_written_long`,
      params,
    );
  },

  async sum(filter: UsageFilter): Promise<UsageSum> {
    const { where, params } = conditions(filter);
    const [row] = await db.q(`SELECT ${sums} FROM usage ${where}`, params);
    return Sum.parse(row);
  },

  /** Sums grouped by one column, most tokens first. */
  async sumBy(
    column: "agent" | "model" | "person" | "channel",
    filter: UsageFilter,
  ): Promise<readonly (UsageSum & { readonly key: string })[]> {
    const { where, params } = conditions(filter);
    const rows = await db.q(
      `SELECT ${column} AS key, ${sums} FROM usage ${where} GROUP BY ${column} ORDER BY SUM(input) + SUM(output) DESC, ${column}`,
      params,
    );
    return z.array(Group).parse(rows);
  },
});

function valuesOf(row: UsageRow): Value[] {
  const { platform, space, channel } = parseConversationId(row.conversation);
  const { turn, agent, model, conversation, person, input, cached, output, costUsd, estimated } =
    row;
  const written = [row.cacheWritten, row.cacheWrittenLong];
  const place = [platform, space, channel, conversation];
  return [
    turn,
    agent,
    model,
    ...place,
    person,
    input,
    cached,
    output,
    costUsd,
    estimated,
    ...written,
  ];
}

function conditions(filter: UsageFilter): { where: string; params: Value[] } {
  const all: readonly (readonly [string, Value | undefined])[] = [
    ["turn =", filter.turn],
    ["platform =", filter.platform],
    ["space =", filter.space],
    ["channel =", filter.channel],
    ["conversation =", filter.conversation],
    ["person =", filter.person],
    ["at >=", filter.from],
    ["at <", filter.until],
  ];
  const params: Value[] = [];
  const where = all.flatMap(([comparison, value]) =>
    value === undefined ? [] : `${comparison} $${params.push(value)}`,
  );
  return { where: where.length > 0 ? `WHERE ${where.join(" AND ")}` : "", params };
}
