import type { CommandReply } from "../reply.ts";
import { formatSeconds, type Segment, type Span, type TurnTimes } from "./turn-times.ts";
import { spansOf } from "./turn-timing.ts";

/** Fits code blocks in Slack and Discord, and terminals. */
const WIDTH = 80;
const LABEL = 24;
const NUMBER = 8;
const BAR = WIDTH - LABEL - 2 * NUMBER - 1;

const MARKS: Readonly<Record<Segment["kind"], string>> = {
  wait: ".",
  model: "-",
  write: "=",
  post: "#",
};
const LEGEND = ". waiting   - no token yet   = streaming   # posting";

/** Shows operators how a turn spent its time. `now`: ms since the epoch. Pure. */
export function timingReply(times: TurnTimes, now: number): CommandReply {
  return {
    title: "Where the time went",
    blocks: [{ type: "code", language: "text", text: waterfall(times, now) }],
    visibleTo: "asker",
    ok: true,
  };
}

/** Lines of at most 80 columns: one per step, with its bar, and notes below. */
export function waterfall(times: TurnTimes, now: number): string {
  const spans = spansOf(times, now);
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(times.endedAt ?? 0, ...spans.map((span) => span.to));
  const scale = { from, length: Math.max(1, to - from) };
  const state = times.endedAt === null ? "so far" : "total";
  const starts = times.attempts > 1 ? `, started ${times.attempts} times` : "";
  return [
    `turn ${times.turn}`,
    `${formatSeconds(to - from)} ${state}${starts}`,
    "",
    `${"".padEnd(LABEL)}${"at".padStart(NUMBER)}${"took".padStart(NUMBER)}`,
    ...spans.flatMap((span) => lines(span, scale)),
    "",
    LEGEND,
  ].join("\n");
}

interface Scale {
  readonly from: number;
  readonly length: number;
}

function lines(span: Span, scale: Scale): readonly string[] {
  const at = formatSeconds(span.from - scale.from).padStart(NUMBER);
  const took = formatSeconds(span.to - span.from).padStart(NUMBER);
  const line = `${fit(span.what, LABEL)}${at}${took} ${bar(span, scale)}`.trimEnd();
  const note = span.notes.join("; ");
  return note === "" ? [line] : [line, `  ${fit(note, WIDTH - 2).trimEnd()}`];
}

/** The middle of each column decides its mark. Very short spans still get one. */
function bar({ segments, from, to }: Span, scale: Scale): string {
  const column = (time: number) =>
    Math.min(BAR - 1, Math.floor(((time - scale.from) / scale.length) * BAR));
  const [first, last] = [column(from), Math.max(column(from), column(to - 1))];
  const marks = Array.from({ length: last - first + 1 }, (_, n) => {
    const middle = scale.from + ((first + n + 0.5) / BAR) * scale.length;
    const found = segments.find((one) => middle >= one.from && middle < one.to);
    return MARKS[(found ?? segments.at(middle < from ? 0 : -1))?.kind ?? "wait"];
  });
  return " ".repeat(first) + marks.join("");
}

// Characters two columns wide in a fixed-width font: East Asian scripts and emoji.
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u;
const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/gu;

/** Truncates or pads to a width in columns. */
function fit(text: string, width: number): string {
  const characters = Array.from(text.replaceAll(/\s+/gu, " ").replaceAll(INVISIBLE, ""));
  const columns = (list: readonly string[]) =>
    list.reduce((sum, one) => sum + (WIDE.test(one) ? 2 : 1), 0);
  if (columns(characters) < width)
    return characters.join("") + " ".repeat(width - columns(characters));
  while (columns(characters) > width - 2) characters.pop();
  return `${characters.join("")}…${" ".repeat(Math.max(0, width - 1 - columns(characters)))}`;
}
