import type { MarkdownBlock } from "../../../../src/markdown/parse-markdown.ts";

export type Inline = Extract<MarkdownBlock, { type: "paragraph" }>["children"][number];

export type Mark = "strong" | "delete" | "emphasis";

/** The addresses of a text's `[label]: address` definitions. */
export type Addresses = ReadonlyMap<string, string>;

export interface Link {
  readonly url: string;
}

/** A stretch of a paragraph that looks alike. */
export interface Run {
  readonly kind: "text" | "code" | "url";
  readonly value: string;
  readonly marks: ReadonlySet<Mark>;
  readonly link: Link | undefined;
}

interface Within extends Pick<Run, "marks" | "link"> {
  readonly addresses: Addresses;
}

/** The runs of a paragraph, with links as Discord supports them. */
export const runsOf = (nodes: readonly Inline[], addresses: Addresses): readonly Run[] =>
  joined(nodes.flatMap((node) => read(node, { marks: new Set(), link: undefined, addresses })));

function read(node: Inline, within: Within): readonly Run[] {
  if (node.type === "text") return [run("text", node.value, within)];
  if (node.type === "inlineCode") return [run("code", node.value.replaceAll("\n", " "), within)];
  if (node.type === "break") return [run("text", "\n", within)];
  if (node.type === "html") return [run("text", shownHtml(node.value), within)];
  if (node.type !== "footnoteReference") return readParent(node, within);
  return [run("text", `[${node.label ?? node.identifier}]`, within)];
}

type Parent = Exclude<Inline, { value: string } | { type: "break" | "footnoteReference" }>;

function readParent(node: Parent, within: Within): readonly Run[] {
  switch (node.type) {
    case "strong":
    case "emphasis":
    case "delete":
      return all(node.children, { ...within, marks: new Set([...within.marks, node.type]) });
    case "link":
      return linked(node.url, node.children, within);
    case "linkReference":
      return linked(within.addresses.get(node.identifier), node.children, within);
    case "image":
      return pictured(node.url, node.alt, within);
    case "imageReference":
      return pictured(within.addresses.get(node.identifier), node.alt, within);
  }
}

const all = (nodes: readonly Inline[], within: Within): readonly Run[] =>
  nodes.flatMap((node) => read(node, within));

const run = (kind: Run["kind"], value: string, { marks, link }: Within): Run => ({
  kind,
  value,
  marks,
  link,
});

function linked(url: string | undefined, nodes: readonly Inline[], within: Within): readonly Run[] {
  const label = all(nodes, within);
  const words = label.map(({ value }) => value).join("");
  if (url === undefined || within.link || isPlain(words, url)) return label;
  if (!isWeb(url)) return besides(label, words, url, within);
  if (words.trim() === "" || withoutSlash(words) === withoutSlash(url)) {
    return [run("url", safeUrl(url), within)];
  }
  // Discord links no words that are an address.
  if (words.includes("://")) return [...label, run("text", " (", within), ...bare(url, within)];
  return all(nodes, { ...within, link: { url: safeUrl(url) } });
}

/** An address without its scheme, or with a character that no address has, is text. */
const isPlain = (words: string, url: string): boolean =>
  (words === url && /[<>\\`]/.test(url)) || (/^www\.\S+$/i.test(words) && url.endsWith(words));

const bare = (url: string, within: Within): readonly Run[] => [
  run("url", safeUrl(url), within),
  run("text", ")", within),
];

const pictured = (
  url: string | undefined,
  alt: string | null | undefined,
  within: Within,
): readonly Run[] => linked(url, [{ type: "text", value: alt || "picture" }], within);

/** An address that Discord does not link stands beside its words, unless it says nothing more. */
function besides(label: readonly Run[], words: string, url: string, within: Within) {
  const isKnown =
    words === "" || url === "" || url.startsWith("#") || url.replace(/^mailto:/i, "") === words;
  return isKnown ? label : [...label, run("text", ` (${url})`, within)];
}

const isWeb = (url: string): boolean => /^https?:\/\/\S/i.test(url);

const withoutSlash = (url: string): string => url.trim().replace(/\/$/, "");

const safeUrl = (url: string): string =>
  url.replaceAll(/[\s<>\\`]/g, (character) => encodeURIComponent(character));

/** Line breaks as such, no comments, all else as it is written. */
export const shownHtml = (html: string): string =>
  withoutComments(html).replaceAll(/<br ?\/?>/gi, "\n");

/** A comment that does not end is text. */
function withoutComments(html: string): string {
  const [first = "", ...rest] = html.split("<!--");
  const shown = rest.map((part) => {
    const end = part.indexOf("-->");
    return end < 0 ? `<!--${part}` : part.slice(end + 3);
  });
  return first + shown.join("");
}

/** Neighbours that look alike become one. */
function joined(runs: readonly Run[]): readonly Run[] {
  const kept: Run[] = [];
  for (const next of runs) {
    const last = kept.at(-1);
    if (next.value === "") continue;
    if (last && isAlike(last, next)) kept[kept.length - 1] = withMore(last, next.value);
    else kept.push(next);
  }
  return kept;
}

const withMore = (last: Run, value: string): Run => ({ ...last, value: last.value + value });

const isAlike = (a: Run, b: Run): boolean =>
  a.kind === "text" &&
  b.kind === "text" &&
  a.link === b.link &&
  a.marks.size === b.marks.size &&
  a.marks.isSubsetOf(b.marks);
