import type { z } from "zod";
import { isFields, type Fields } from "../state/fields.ts";
import { messageBlock, viewBlock } from "./blocks.ts";

/** Most characters of a message's blocks together; seen in practice (slackapi/bolt-js#2509). */
const MOST_CHARACTERS = 13_200;
const MOST_MARKDOWN = 12_000;
const MOST_TABLE_CHARACTERS = 10_000;

/** What Slack would say is wrong with a message's blocks; empty: nothing. */
export const problemsOfBlocks = (blocks: readonly unknown[]): readonly string[] => [
  ...eachBlock(blocks, messageBlock, 50),
  ...totals(blocks),
];

/** The same for a modal's or a home tab's. */
export const problemsOfViewBlocks = (blocks: readonly unknown[]): readonly string[] =>
  eachBlock(blocks, viewBlock, 100);

/** Slack has an error of its own for a message that is too much altogether. */
export const isTooLong = (blocks: readonly unknown[]): boolean =>
  lengthOfTexts(blocks) > MOST_CHARACTERS;

function eachBlock(blocks: readonly unknown[], schema: z.ZodType, most: number): readonly string[] {
  const problems = blocks.flatMap((block, index) => {
    const { error } = schema.safeParse(block);
    const issues = error?.issues ?? [];
    return issues.map(
      ({ message, path }) => `${message} [json-pointer:/blocks/${[index, ...path].join("/")}]`,
    );
  });
  const many = blocks.length > most ? [`no more than ${most} items allowed`] : [];
  return [...many, ...problems, ...repeats(blocks)];
}

/** Ids of blocks are unique in a message, those of actions in their block. */
function repeats(blocks: readonly unknown[]): readonly string[] {
  const named = blocks.filter(isFields);
  const inBlocks = doubled(named.map(({ block_id: id }) => id));
  const inActions = named.flatMap(({ elements }) =>
    Array.isArray(elements)
      ? doubled(elements.filter(isFields).map(({ action_id: id }) => id))
      : [],
  );
  return [
    ...inBlocks.map((id) => `block_id ${id} already exists`),
    ...inActions.map((id) => `action_id ${id} already exists`),
  ];
}

const doubled = (ids: readonly unknown[]): readonly string[] =>
  ids.filter((id, at): id is string => typeof id === "string" && ids.indexOf(id) < at);

function totals(blocks: readonly unknown[]): readonly string[] {
  const of = (type: string): readonly Fields[] =>
    blocks.filter(isFields).filter((block) => block["type"] === type);
  const markdown = lengthOfTexts(of("markdown"));
  const tables = of("table");
  return [
    ...(markdown > MOST_MARKDOWN ? [`markdown blocks must be less than 12001 characters`] : []),
    ...(tables.length > 1 ? ["only_one_table_allowed"] : []),
    ...(lengthOfTexts(tables) > MOST_TABLE_CHARACTERS ? ["table text is too long"] : []),
  ];
}

function lengthOfTexts(value: unknown): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + lengthOfTexts(item), 0);
  }
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, item]) =>
      sum + (name === "text" && typeof item === "string" ? item.length : lengthOfTexts(item)),
    0,
  );
}
