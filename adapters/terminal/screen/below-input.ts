import { formatCount } from "../../../src/progress/format.ts";
import { formatBytes } from "../../../src/adapter-kit/own-threads/attachments.ts";
import type { FileRecord } from "../../../src/adapter-kit/own-threads/thread-record.ts";
import { joinFacts } from "../../../src/adapter-kit/text/plain-layout.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import type { Interrupt } from "../input/interrupt.ts";
import type { Choice } from "../input/menu.ts";
import { cutToWidth, padToWidth, widthOf } from "../render/lines.ts";
import type { Look } from "../render/look.ts";

/** What stands below the input. */
export interface Below {
  readonly menu: { readonly choices: readonly Choice[]; readonly selected: number };
  /** What a search through the history looks for; undefined: there is no search. */
  readonly query: string | undefined;
  readonly files: readonly FileRecord[];
  readonly interrupt: ReturnType<Interrupt["state"]>;
  readonly running: boolean;
  /** Turns in other threads. */
  readonly elsewhere: number;
  readonly thread: string;
  /** Who answers here; "" if unknown. */
  readonly about: string;
}

/** Files, then the menu or the hint, in at most `rows` rows. */
export function belowInput(view: Below, look: Look, rows: number): readonly string[] {
  const { files, menu, query } = view;
  const names = files.map(({ name, bytes }) => `+ ${cleanLine(name)} (${formatBytes(bytes)})`);
  const attached = names.length > 0 ? [look.paint("green", `  ${names.join("  ")}`)] : [];
  const room = Math.max(1, rows - attached.length);
  const isOpen = menu.choices.length > 0 || query !== undefined;
  const lines = isOpen ? menuRows(view, look, room) : [look.paint("dim", `  ${hint(view, look)}`)];
  return [...attached, ...lines].map((line) => cutToWidth(line, look.columns - 1));
}

/** The part of the menu around the selected choice. */
function menuRows({ menu, query }: Below, look: Look, rows: number): readonly string[] {
  const { choices, selected } = menu;
  const head =
    query === undefined
      ? []
      : [look.paint("dim", "  Ctrl-R older · Enter takes it · Esc goes back")].slice(0, rows - 1);
  if (choices.length === 0) return [look.paint("dim", "  nothing found"), ...head].slice(0, rows);
  const room = Math.max(1, rows - head.length);
  const most = choices.length > room && room > 1 ? room - 1 : room;
  const from = Math.min(Math.max(0, selected - most + 1), Math.max(0, choices.length - most));
  const shown = choices.slice(from, from + most);
  const width = Math.min(
    Math.max(...shown.map(({ label }) => widthOf(label))),
    Math.floor(look.columns / 2),
  );
  const lines = shown.map((choice, index) =>
    choiceRow(choice, look, { width, isSelected: from + index === selected }),
  );
  const rest = choices.length - shown.length;
  const more = rest > 0 && most < room ? [look.paint("dim", `  … ${rest} more`)] : [];
  return [...lines, ...more, ...head];
}

function choiceRow(
  { label, about }: Choice,
  look: Look,
  { width, isSelected }: { readonly width: number; readonly isSelected: boolean },
): string {
  const name = about === "" ? label : padToWidth(cutToWidth(label, width), width);
  const text = about === "" ? name : `${name}  ${look.paint("dim", about)}`;
  return isSelected ? `${look.paint("cyan", "›")} ${look.paint("bold", text)}` : `  ${text}`;
}

/** The team, the thread and as many keys as fit. */
function hint(view: Below, look: Look): string {
  if (view.interrupt === "leaving") return "Ctrl-C again quits";
  if (view.interrupt === "stopping")
    return view.running ? "stopping the turn … Ctrl-C again quits" : "Ctrl-C again quits";
  const others = view.elsewhere > 0 ? `${formatCount(view.elsewhere, "turn")} elsewhere` : "";
  const place = joinFacts([cleanLine(view.about), cleanLine(view.thread), others]);
  const keys = view.running ? RUNNING_KEYS : IDLE_KEYS;
  const lines = [...keys, ""].map((some) => joinFacts([place, some]));
  return lines.find((line) => widthOf(line) <= look.columns - 4) ?? place;
}

const RUNNING_KEYS = [
  "Esc stops the turn · /finish answers now",
  "Esc stops the turn",
  "Esc stops",
];
const IDLE_KEYS = ["/help · Ctrl-J new line · Ctrl-C quits", "/help · Ctrl-C quits", "/help"];
