import { MarkdownBlock } from "../wire/message.ts";

/** The names for the ids in a text; an id without a name stays as it is. */
export interface TextNames {
  /** Parley's own user id: its mention is removed. */
  readonly self: string;
  readonly users: ReadonlyMap<string, string>;
  readonly channels: ReadonlyMap<string, string>;
}

/** People's texts hold Slack's own marks; Parley's messages hold the Markdown they were posted with. */
type Dialect = "slack" | "markdown";

/** Slack writes every mention, link and date as `<…>`; a `<` that somebody typed comes as `&lt;`. */
const TOKEN = /<([^<>]*)>/g;

/** The ids in a text, to be looked up before it is read. */
export function idsIn(text: string): { readonly users: string[]; readonly channels: string[] } {
  const named = (sigil: string) =>
    [...text.matchAll(TOKEN)]
      .map(([, token = ""]) => token)
      .filter((token) => token.startsWith(sigil) && !labelOf(token))
      .map((token) => targetOf(token).slice(1));
  return { users: named("@"), channels: named("#") };
}

/** Turns a Slack text into the Markdown that models read. Pure. */
export function readText(text: string, names: TextNames, dialect: Dialect = "slack"): string {
  const pieces = splitCode(text).map((piece) => {
    const isStyled = !piece.code && dialect === "slack";
    const plain = piece.code ? piece.text : withoutSelf(piece.text, names.self);
    return unescape((isStyled ? restyle(plain) : plain).replaceAll(TOKEN, readToken(names)));
  });
  return pieces.join("").trim();
}

const withoutSelf = (text: string, self: string): string =>
  text.replaceAll(new RegExp(` ?<@${RegExp.escape(self)}(?:\\|[^>]*)?>`, "g"), "");

const readToken =
  (names: TextNames) =>
  (_: string, token: string): string => {
    const [target, label] = [targetOf(token), labelOf(token)];
    if (token.startsWith("@")) return `@${label ?? named(names.users, target)}`;
    if (token.startsWith("#")) return `#${label ?? named(names.channels, target)}`;
    if (token.startsWith("!")) return readSpecial(target, label);
    const url = target.replace(/^mailto:/, "");
    return label === undefined || label === url || label === target ? url : `[${label}](${target})`;
  };

const named = (names: ReadonlyMap<string, string>, target: string): string =>
  names.get(target.slice(1)) ?? target.slice(1);

/** "<!here>", "<!subteam^S012|@backend>", "<!date^1700000000^{date}|yesterday>". */
function readSpecial(target: string, label: string | undefined): string {
  if (label !== undefined) return label;
  const [name = "", id] = target.slice(1).split("^");
  return `@${name === "subteam" ? (id ?? name) : name}`;
}

const targetOf = (token: string): string => token.split("|", 1)[0] ?? "";

/** Slack writes an empty label for channels that it does not name. */
const labelOf = (token: string): string | undefined =>
  token.includes("|") ? token.slice(token.indexOf("|") + 1) || undefined : undefined;

/** Turns `*bold*`, `~struck~` and list bullets into Markdown. */
const restyle = (text: string): string =>
  text
    .replaceAll(marked("*"), "$1**$2**")
    .replaceAll(marked("~"), "$1~~$2~~")
    .replaceAll(/^([^\S\r\n\u2028\u2029]*)[•◦▪] +/gm, "$1- ");

const marked = (mark: string): RegExp => {
  const m = RegExp.escape(mark);
  return new RegExp(
    `(^|[\\s("'_>-])${m}(?=[^\\s${m}])([^\\n${m}]*[^\\s${m}])${m}(?![\\w${m}])`,
    "gm",
  );
};

const unescape = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const CODE = /```[\s\S]*?```|`[^`\n]+`/g;

/** A piece of a Slack text. Inside code, marks have no meaning. */
interface TextPiece {
  readonly code: boolean;
  readonly text: string;
}

/** The pieces of a text in order; joined, they are the text. */
function splitCode(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(CODE)) {
    pieces.push({ code: false, text: text.slice(end, match.index) });
    pieces.push({ code: true, text: match[0] });
    end = match.index + match[0].length;
  }
  pieces.push({ code: false, text: text.slice(end) });
  return pieces.filter((piece) => piece.text !== "");
}

/** The text without its code, which cannot mention anybody. */
export const withoutCode = (text: string): string =>
  splitCode(text)
    .map((piece) => (piece.code ? " " : piece.text))
    .join("");

/** The Markdown of a message that has blocks of it. */
export const markdownIn = (blocks: readonly unknown[]): string =>
  blocks
    .flatMap((block) => {
      const { data } = MarkdownBlock.safeParse(block);
      return data ? [data.text] : [];
    })
    .join("\n\n");
