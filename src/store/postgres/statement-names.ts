/** Distinct statements that are kept prepared; each connection keeps its own. */
const MOST = 500;
/** Their columns may change under a statement that is kept, which PostgreSQL then refuses for ever. */
const ALL_COLUMNS = /(?:SELECT|RETURNING|\.)\s*\*/i;

/** Names under which a connection keeps statements prepared: of the short ones that a turn makes dozens of, planning is the larger part. */
export function createStatementNames(): (sql: string) => string | undefined {
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= MOST || ALL_COLUMNS.test(sql)) return known;
    const name = `parley_${names.size}`;
    names.set(sql, name);
    return name;
  };
}
