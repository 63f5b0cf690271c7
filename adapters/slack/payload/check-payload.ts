import type { SlackText } from "../render/blocks.ts";
import { BLOCK_RULES, type Surface } from "./block-schemas.ts";

/** What Slack would refuse. */
export interface PayloadIssue {
  /** A JSON pointer: "/blocks/0/text". */
  readonly at: string;
  /** What is wrong with it; never what stands there. */
  readonly rule: string;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const MOST_BLOCKS = { message: 50, view: 100 } as const;
/** Over all markdown blocks of a message. */
const MOST_MARKDOWN = 12_000;
/** Over all texts of a message's blocks: https://github.com/slackapi/bolt-js/issues/2509. */
const MOST_TEXT = 13_000;
const MOST_CELLS = 10_000;
/** A post may have 40,000 characters, of which an edit takes 4,000; `send` cuts it. */
const LONGEST_TEXT = 40_000;
const LONGEST_TITLE = 24;
const LONGEST_METADATA = 3_000;
const MOST_VIEW_BYTES = 250_000;

/** What Slack would refuse of a message; empty: nothing. Pure. */
export function checkMessage({ text, blocks = [] }: SlackText): readonly PayloadIssue[] {
  const length = (types: readonly string[]) =>
    lengthOfTexts(blocks.filter((block) => types.includes(typeOf(block))));
  return [
    ...(text.trim() === "" ? [issue("/text", "is read aloud, so it may not be empty")] : []),
    ...tooLong("/text", text.length, LONGEST_TEXT),
    ...checkBlocks(blocks, "message"),
    ...tooLong("/blocks", length(["markdown"]), MOST_MARKDOWN, "characters of Markdown"),
    ...tooLong("/blocks", length(["data_table"]), MOST_CELLS, "characters in cells"),
    ...tooLong("/blocks", lengthOfTexts(blocks), MOST_TEXT, "characters in blocks"),
    ...onlyOne(blocks, "data_table"),
  ];
}

/** What Slack would refuse of a modal or a home tab; empty: nothing. Pure. */
export function checkView(view: Fields & { readonly blocks: readonly object[] }) {
  const titles = ["title", "submit", "close"].flatMap((name) => {
    const given = view[name];
    const length = isFields(given) && typeof given["text"] === "string" ? given["text"].length : 0;
    return tooLong(`/${name}`, length, LONGEST_TITLE);
  });
  const { private_metadata: given } = view;
  const metadata = typeof given === "string" ? given : "";
  return [
    ...titles,
    ...tooLong("/private_metadata", metadata.length, LONGEST_METADATA),
    ...tooLong("/blocks", Buffer.byteLength(JSON.stringify(view.blocks)), MOST_VIEW_BYTES, "bytes"),
    ...checkBlocks(view.blocks, "view"),
  ];
}

/** The places in `/blocks` that a list of issues names. */
export const blocksIn = (issues: readonly PayloadIssue[]): ReadonlySet<number> =>
  new Set(
    issues.flatMap(({ at }) => {
      const index = /^\/blocks\/(\d+)/.exec(at)?.[1];
      return index === undefined ? [] : [Number(index)];
    }),
  );

const issue = (at: string, rule: string): PayloadIssue => ({ at, rule });

const tooLong = (at: string, length: number, most: number, what = "characters") =>
  length > most ? [issue(at, `more than ${most} ${what}`)] : [];

function checkBlocks(blocks: readonly object[], surface: Surface): readonly PayloadIssue[] {
  const most = MOST_BLOCKS[surface];
  return [
    ...tooLong("/blocks", blocks.length, most, "blocks"),
    ...blocks.flatMap((block, index) => checkBlock(block, `/blocks/${index}`, surface)),
    ...repeated(
      blocks.map((block) => (isFields(block) ? block["block_id"] : undefined)),
      "/blocks",
      "block_id",
    ),
  ];
}

function checkBlock(block: unknown, at: string, surface: Surface): readonly PayloadIssue[] {
  const rule = BLOCK_RULES[typeOf(block)];
  if (!rule) return [issue(at, "a type that Parley does not build")];
  if (!rule.places.includes(surface)) return [issue(at, `a type that no ${surface} holds`)];
  const problems = rule.schema.safeParse(block).error?.issues ?? [];
  const children =
    isFields(block) && Array.isArray(block["child_blocks"]) ? block["child_blocks"] : [];
  const elements = isFields(block) && Array.isArray(block["elements"]) ? block["elements"] : [];
  return [
    ...problems.map(({ path, message }) => issue([at, ...path.map(String)].join("/"), message)),
    ...children.flatMap((child, index) =>
      checkBlock(child, `${at}/child_blocks/${index}`, surface),
    ),
    ...repeated(
      elements.map((element: unknown) => (isFields(element) ? element["action_id"] : undefined)),
      `${at}/elements`,
      "action_id",
    ),
  ];
}

function repeated(ids: readonly unknown[], at: string, what: string): readonly PayloadIssue[] {
  const known = ids.filter((id) => id !== undefined);
  return new Set(known).size === known.length ? [] : [issue(at, `the same ${what} twice`)];
}

const onlyOne = (blocks: readonly object[], type: string): readonly PayloadIssue[] =>
  blocks.filter((block) => typeOf(block) === type).length > 1
    ? [issue("/blocks", `more than one ${type}`)]
    : [];

const typeOf = (block: unknown): string =>
  isFields(block) && typeof block["type"] === "string" ? block["type"] : "";

function lengthOfTexts(value: unknown): number {
  if (Array.isArray(value))
    return value.reduce<number>((sum, part) => sum + lengthOfTexts(part), 0);
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, part]) =>
      sum + (name === "text" && typeof part === "string" ? part.length : lengthOfTexts(part)),
    0,
  );
}
