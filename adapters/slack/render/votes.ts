import type { types } from "@slack/bolt";
import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";
import { joinFacts } from "../../../src/adapter-kit/text/plain-layout.ts";
import type { TurnState } from "../../../src/coordination/turn-state.ts";
import { votesByAnswer } from "../../../src/progress/why-tables.ts";
import { type Block, safeText, type SlackText } from "./blocks.ts";
import { cutText, withoutPings } from "./escape.ts";
import { codeBlock } from "./mrkdwn.ts";
import { preformatted } from "./rich-text.ts";
import { cutCode } from "./sections.ts";

/** Slack takes 101 rows, 20 columns and 10,000 characters in cells. */
const MOST_ROWS = 100;
const MOST_COLUMNS = 20;
const LONGEST_CELL = 80;
const MOST_CELL_TEXT = 9_000;
const LONGEST_SPOKEN = 2_000;

/** The votes of a turn as a table that people can sort; undefined: nobody has voted. */
export function votesForms(state: TurnState) {
  const table = votesByAnswer(state);
  if (!table) return undefined;
  const columns = table.columns.slice(0, MOST_COLUMNS).map(cellText);
  const rows = table.rows
    .slice(0, MOST_ROWS)
    .map((row) => row.slice(0, MOST_COLUMNS).map(cellText));
  const spoken = cutText(
    `Votes: ${table.rows.map(([name = "", by = ""]) => joinFacts([name, `preferred by ${by}`])).join("; ")}.`,
    LONGEST_SPOKEN,
  );
  const aligned = alignTable({ columns, rows }).text;
  const isLong = aligned.length > MOST_CELL_TEXT;
  const native = (): Block => ({
    type: "data_table",
    caption: cutText(`How the agents of ${withoutPings(state.title)} voted`, 150),
    row_header_column_index: 0,
    rows: [columns.map(raw), ...rows.map((row) => row.map(cellOf))],
  });
  return {
    render: (deny: ReadonlySet<string>): SlackText => ({
      text: safeText(spoken),
      blocks: deny.has("data_table") || isLong ? [...cutCode(preformatted(aligned))] : [native()],
    }),
    plain: () => `${safeText(spoken)}\n\n${codeBlock(aligned)}`,
  };
}

/** A cell needs a character. */
const cellText = (text: string): string =>
  cutText(withoutPings(text.replaceAll(/\s+/g, " ").trim()), LONGEST_CELL) || "–";

const raw = (text: string): types.RawTextElement => ({ type: "raw_text", text });

/** Numbers sort as numbers. */
function cellOf(text: string): types.RawTextElement | types.RawNumberElement {
  const value = Number(text.replace("−", "-"));
  return /\d$/.test(text) && Number.isFinite(value)
    ? { type: "raw_number", value, text }
    : raw(text);
}
