import { expect, test } from "vitest";
import { createScreen } from "../../../adapters/terminal/screen/screen.ts";
import { createVirtualTerminal } from "../../support/virtual-terminal.ts";

const live = (rows: readonly string[], row = rows.length - 1, column = 0) => ({
  rows,
  cursor: { row, column },
});

function openScreen(columns = 40, rows = 10) {
  const virtual = createVirtualTerminal(columns, rows);
  const screen = createScreen(virtual.output);
  screen.open();
  return { ...virtual, ...screen };
}

test("printed text scrolls up above the live area", async () => {
  const it = openScreen();
  it.draw(live(["board", "> "]));
  it.print(["one", "two"]);
  it.print(["three"]);
  expect(await it.screen()).toBe("one\ntwo\nthree\nboard\n>");
});

test("the live area stays complete at the bottom of a full screen", async () => {
  const it = openScreen(20, 5);
  it.draw(live(["board", "> "]));
  for (let n = 1; n <= 9; n++) it.print([`line ${n}`]);
  it.draw(live(["board", "more", "> "]));
  expect(await it.screen()).toBe("line 8\nline 9\nboard\nmore\n>");
  expect(await it.scrollback()).toContain("line 1\nline 2");
});

test("only rows that differ are written", () => {
  const it = openScreen();
  it.draw(live(["same", "old", "same, too"]));
  it.written();
  it.draw(live(["same", "new", "same, too"]));
  expect(it.written()).toBe("\x1b[?2026h\x1b[?25l\r\x1b[2A\r\nnew\x1b[K\r\n\r\x1b[?25h\x1b[?2026l");
});

test("drawing the same rows twice writes nothing", () => {
  const it = openScreen();
  it.draw(live(["board", "> "]));
  it.written();
  it.draw(live(["board", "> "]));
  expect(it.written()).toBe("");
});

test("removed rows are erased", async () => {
  const it = openScreen();
  it.draw(live(["a", "b", "c", "d"], 1, 1));
  it.draw(live(["a"], 0, 1));
  expect(await it.screen()).toBe("a");
  expect(await it.cursor()).toEqual({ row: 0, column: 1 });
});

test("the cursor is at the end of the text, also when only the cursor moves", async () => {
  const it = openScreen();
  it.draw(live(["board", "> hello", "hint"], 1, 7));
  expect(await it.cursor()).toEqual({ row: 1, column: 7 });
  it.draw(live(["board", "> hello", "hint"], 1, 3));
  expect(await it.cursor()).toEqual({ row: 1, column: 3 });
});

test("a live row never takes more than one row of the screen", async () => {
  const it = openScreen(10, 5);
  it.draw(live(["0123456789abc", "漢字漢字漢字漢字", "> "]));
  expect(await it.screen()).toBe("012345678…\n漢字漢字…\n>");
});

test("a narrower terminal is redrawn without leftovers", async () => {
  const it = openScreen(40, 12);
  it.print(["said before"]);
  const long = "x".repeat(38);
  it.draw(live([long, long, "> hi", "hint"], 2, 4));
  it.resize(20, 12);
  it.resized();
  it.draw(live(["short", "> hi", "hint"], 1, 4));
  expect(await it.screen()).toBe("said before\nshort\n> hi\nhint");
});

test("a wider terminal is redrawn without leftovers", async () => {
  const it = openScreen(20, 12);
  it.print(["said before"]);
  it.draw(live(["x".repeat(19), "> hi", "hint"], 1, 4));
  it.resize(60, 12);
  it.resized();
  it.draw(live(["x".repeat(50), "> hi", "hint"], 1, 4));
  expect(await it.screen()).toBe(`said before\n${"x".repeat(50)}\n> hi\nhint`);
});

test("no escape sequence of a text reaches the terminal, only colours", async () => {
  const it = openScreen();
  it.written();
  it.print(["a\x1b[2Jb\x1b]0;title\x07c\x1b[31mred\x1b[39m\x9b2Kd\re"]);
  expect(it.written()).toContain("abc\x1b[31mred\x1b[39md e\r\n");
});

test("after closing, nothing is drawn, and text is printed plainly", async () => {
  const it = openScreen();
  it.draw(live(["board", "> "]));
  it.close();
  it.draw(live(["ghost"]));
  it.print(["goodbye"]);
  expect(await it.screen()).toBe("goodbye");
});
