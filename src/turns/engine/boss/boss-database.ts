import type { Queries, Value } from "../../../store/database.ts";

/** The database interface of pg-boss. */
export interface BossDatabase {
  executeSql(sql: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** Lets pg-boss use our connections and transactions. */
export const createBossDatabase = (db: Queries): BossDatabase => ({
  executeSql: async (sql, values) => ({
    rows: [...(await db.q(sql, values?.length ? values.map(parameterOf) : undefined))],
  }),
});

/** Formats a parameter as PostgreSQL text: lists as array literals, objects as JSON. */
function parameterOf(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number") return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map(elementOf).join(",")}}`;
  return JSON.stringify(value);
}

function elementOf(value: unknown): string {
  const text = parameterOf(value);
  return text === null ? "NULL" : `"${String(text).replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
