import { escapeLineStarts, escapeText, type Escaping } from "./escape.ts";
import { showCodeSpan } from "./code.ts";
import { type Addresses, type Inline, type Link, type Mark, type Run, runsOf } from "./runs.ts";

export interface InlineOptions {
  readonly addresses: Addresses;
  /** Escapes underscores within words too. */
  readonly underscores: boolean;
}

/** A paragraph's Markdown as Discord reads it. */
export const showInline = (nodes: readonly Inline[], options: InlineOptions): string =>
  showRuns(runsOf(nodes, options.addresses), options);

/** The same in bold, as a small heading. */
export const showBold = (nodes: readonly Inline[], options: InlineOptions): string =>
  showRuns(
    runsOf(nodes, options.addresses).map((run) => ({
      ...run,
      marks: run.marks.union(new Set(["strong"])),
    })),
    options,
  );

function showRuns(all: readonly Run[], { underscores }: InlineOptions): string {
  const runs = all.map(fitting).map(withBareUrl);
  const isLink = runs
    .map(({ value }) => value)
    .join("")
    .includes("](");
  const escaping = { underscores, brackets: isLink };
  return escapeLineStarts(layOut(runs, KEYS, { escaping, before: "", after: "" }).trim());
}

/** Discord looks for the end of a mark in code and addresses too: what would end it stands outside. */
function fitting(run: Run): Run {
  const raw = [run.kind === "text" ? "" : run.value, run.link?.url ?? ""].join("");
  const marks = [...run.marks].filter((mark) => !ENDED_BY[mark](raw));
  return { ...run, marks: new Set(marks) };
}

const ENDED_BY: Readonly<Record<Mark, (raw: string) => boolean>> = {
  strong: (raw) => raw.includes("**"),
  delete: (raw) => raw.includes("~~"),
  emphasis: (raw) => raw.includes("*"),
};

/** An address stands alone where nothing after it could be taken for a part of it, else in angles. */
function withBareUrl(run: Run, at: number, runs: readonly Run[]): Run {
  if (run.kind !== "url") return run;
  const isBare =
    run.marks.size === 0 && ENDS_URL.test(textAfter(runs, at)) && WHOLE.test(run.value);
  return isBare ? run : { ...run, value: `<${run.value}>` };
}

const ENDS_URL = /^[.,:;]?(?:\s|$)/;
/** Discord takes none of these at the end of an address for a part of it. */
const WHOLE = /[^.,:;"'\])]$/;

function textAfter(runs: readonly Run[], at: number): string {
  const next = runs[at + 1];
  if (next === undefined) return "";
  const isLast = runs.length === at + 2;
  return next.kind === "text" ? next.value + (isLast ? "" : ".") : "`";
}

/** What groups runs: the widest is the outermost. */
const KEYS = ["strong", "delete", "emphasis", "link"] as const;
type Key = (typeof KEYS)[number];

interface Place {
  readonly escaping: Escaping;
  /** The characters beside it, "" at an end. */
  readonly before: string;
  readonly after: string;
}

const keyOf = (run: Run, key: Key): Link | boolean | undefined =>
  key === "link" ? run.link : run.marks.has(key) || undefined;

function layOut(runs: readonly Run[], keys: readonly Key[], place: Place): string {
  const used = keys.filter((key) => runs.some((run) => keyOf(run, key)));
  const key = used.toSorted((a, b) => widthOf(runs, b) - widthOf(runs, a))[0];
  if (key === undefined) return joinAll(runs.map((run) => showRun(run, place.escaping)));
  const rest = used.filter((other) => other !== key);
  const parts = groupsOf(runs, key).flatMap((group) => partsOf(group, key));
  const inner = parts.map((part, at) =>
    layOut(part.runs, rest, {
      escaping: place.escaping,
      before: part.isMarked
        ? EDGES[key].before
        : edge(parts[at - 1], EDGES[key].after, place.before),
      after: part.isMarked ? EDGES[key].after : edge(parts[at + 1], EDGES[key].before, place.after),
    }),
  );
  const shown = parts.map(({ isMarked, runs: [first] }, at) => {
    const text = inner[at] ?? "";
    if (!isMarked) return text;
    if (key === "link") return showLink(text, first?.link, place.escaping);
    const before = inner[at - 1]?.slice(-2) ?? place.before;
    return marked(key, text, { before, after: inner[at + 1]?.slice(0, 1) ?? place.after });
  });
  return joinAll(shown);
}

/** What stands beside an unmarked part. */
const edge = (beside: Part | undefined, mark: string, end: string): string =>
  beside ? (beside.isMarked ? mark : " ") : end;

/** Of the widest group that has the mark, in characters. */
const widthOf = (runs: readonly Run[], key: Key): number =>
  groupsOf(runs, key).reduce(
    (widest, group) =>
      group[0] && keyOf(group[0], key)
        ? Math.max(
            widest,
            group.reduce((sum, { value }) => sum + value.length, 0),
          )
        : widest,
    0,
  );

const EDGES: Readonly<Record<Key, { readonly before: string; readonly after: string }>> = {
  strong: { before: "(*", after: "*)" },
  delete: { before: "~", after: "~" },
  emphasis: { before: "", after: "" },
  link: { before: "[", after: "]" },
};

/** Neighbours that have the same mark or link. */
function groupsOf(runs: readonly Run[], key: Key): readonly (readonly Run[])[] {
  const groups: Run[][] = [];
  for (const run of runs) {
    const last = groups.at(-1);
    if (last?.[0] && keyOf(last[0], key) === keyOf(run, key)) last.push(run);
    else groups.push([run]);
  }
  return groups;
}

interface Part {
  readonly runs: readonly Run[];
  readonly isMarked: boolean;
}

/** A group, with the blanks at its ends outside of the mark. */
function partsOf(group: readonly Run[], key: Key): readonly Part[] {
  const [first] = group;
  if (!first || !keyOf(first, key)) return [{ runs: group, isMarked: false }];
  const runs = [...group];
  const before = cutBlanks(runs, "start");
  const after = cutBlanks(runs, "end");
  return [
    ...(before ? [{ runs: [before], isMarked: false }] : []),
    ...(runs.length > 0 ? [{ runs, isMarked: true }] : []),
    ...(after ? [{ runs: [after], isMarked: false }] : []),
  ];
}

/** Takes the blanks at the outer end of the first or last run off. */
function cutBlanks(runs: Run[], side: "start" | "end"): Run | undefined {
  const at = side === "start" ? 0 : runs.length - 1;
  const run = runs[at];
  if (run?.kind !== "text") return undefined;
  const value = side === "start" ? run.value.trimStart() : run.value.trimEnd();
  const length = run.value.length - value.length;
  if (length === 0) return undefined;
  const cut = side === "start" ? run.value.slice(0, length) : run.value.slice(-length);
  runs.splice(at, 1, ...(value === "" ? [] : [{ ...run, value }]));
  return { kind: "text", value: cut, marks: new Set(), link: undefined };
}

type Beside = Pick<Place, "before" | "after">;

function marked(mark: Mark, text: string, { before, after }: Beside): string {
  switch (mark) {
    case "strong":
      return `**${text}**`;
    case "delete":
      return `~~${text}~~`;
    case "emphasis":
      return emphasized(text, before, after);
  }
}

/** With the mark that ends where it should: neither `*` nor `_` does beside everything. */
function emphasized(text: string, before: string, after: string): string {
  const inner = text.replaceAll(/\\./g, "");
  const canStar = !/^\*|(?<!\\)\*$/.test(text) && !inner.replaceAll("**", "").includes("*");
  const canLine = !inner.includes("_") && !isBesideWord(before, after);
  const isBesideStar = /(?<!\\)\*$/.test(before) || after.startsWith("*");
  // Within bold, the longer mark counts.
  const isInBold = before === EDGES.strong.before || after === EDGES.strong.after;
  if (canStar && (!isBesideStar || (isInBold && !canLine))) return `*${text}*`;
  return canLine ? `_${text}_` : text;
}

const isBesideWord = (before: string, after: string): boolean =>
  /\w$/.test(before) || /^\w/.test(after);

/** Discord reads escapes in a link's words, but counts its brackets without them. */
function showLink(words: string, link: Link | undefined, { brackets }: Escaping): string {
  const url = link?.url ?? "";
  const label = words.replaceAll("\n", " ");
  const isBalanced = /^(?:[^[\]]|\[[^[\]]*\])*$/.test(label);
  if (!isBalanced || brackets) return `${label} (<${url}>)`;
  return `[${label}](${/^[^()]*(?:\([^()]*\)[^()]*)*$/.test(url) ? url : encodeParentheses(url)})`;
}

const encodeParentheses = (url: string): string =>
  url.replaceAll("(", "%28").replaceAll(")", "%29");

/** Discord links any address, and reads no escapes in it. */
const ADDRESS = /(https?:\/\/[^\s<]*[^\s<.,:;"'\]])/i;

function showRun({ kind, value }: Run, escaping: Escaping): string {
  if (kind === "url") return value;
  const span = kind === "code" ? showCodeSpan(value) : undefined;
  if (span !== undefined) return span;
  return value
    .split(ADDRESS)
    .map((part, at) => (at % 2 === 1 ? part : escapeText(part, escaping)))
    .join("");
}

/** Two code spans in a row would be one. */
const joinAll = (texts: readonly string[]): string =>
  texts
    .map((text, at) =>
      text.startsWith("`") && /(?:^|[^\\])`$/.test((texts[at - 1] ?? "").slice(-2))
        ? ` ${text}`
        : text,
    )
    .join("");
