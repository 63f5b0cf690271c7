import type { Value } from "../database.ts";

/** Formats rows for a VALUES list, as `($1, $2), ($3, $4)`. Appends their values to the statement's parameters. */
export const valueRows = (rows: readonly (readonly Value[])[], params: Value[]): string =>
  rows.map((row) => `(${row.map((value) => `$${params.push(value)}`).join(", ")})`).join(", ");
