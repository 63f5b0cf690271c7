import { expect, test } from "vitest";
import { REFUSALS } from "../concessions/reported.ts";
import { KINDS as BACKENDS } from "../concessions/stage.ts";
import { TABLE } from "./table.ts";
import { allTitles, refusalTitle } from "./titles.ts";

const titles = allTitles();
const cells = Object.entries(TABLE).flatMap(([kind, row]) =>
  BACKENDS.map((backend) => ({ kind, backend, cell: row[backend] })),
);

test("each kind of quirk has a test at each backend, or a reason why it cannot occur there", () => {
  const missing = cells.filter(({ cell }) =>
    typeof cell === "string" ? !titles.has(cell) : cell.none.trim() === "",
  );
  expect(missing).toEqual([]);
});

test("a cell that names no test is noticed", () => {
  expect(titles.has(refusalTitle("gemini", "no such quirk"))).toBe(false);
});

test("each kind of refusal that is tested has a row", () => {
  const named = new Set(cells.map(({ cell }) => cell));
  const unnamed = REFUSALS.filter(({ kind, what }) => !named.has(refusalTitle(kind, what)));
  expect([...new Set(unnamed.map(({ what }) => what))]).toEqual([]);
});
