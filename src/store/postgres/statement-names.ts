/** The number of statements that each connection keeps prepared. */
const MOST = 500;
/** Not prepared: if a table's columns change, PostgreSQL rejects the prepared statement forever. */
const ALL_COLUMNS = /(?:SELECT|RETURNING|\.)\s*\*/i;

/** Names for prepared statements. A turn runs dozens of short statements, and planning is most of their cost. */
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
