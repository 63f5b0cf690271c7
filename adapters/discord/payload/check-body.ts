import { ComponentType, MessageFlags } from "discord.js";

/** What Discord would refuse of a message. */
export interface BodyIssue {
  /** A JSON pointer: "/components/0/components/1/label". */
  readonly at: string;
  /** What is wrong with it; never what stands there. */
  readonly rule: string;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Lengths in UTF-16 code units: https://docs.discord.com/developers/components/reference. */
const MOST = { content: 2_000, label: 80, custom: 100, option: 100, options: 25, rows: 5, row: 5 };
/** Of Components V2: nested ones count, and so do all texts together. */
const MOST_PARTS = 40;
const MOST_SHOWN = 4_000;
/** Above some 10,170 bytes of text, 12 more for each, Discord fails: https://github.com/discord/discord-api-docs/issues/8554. */
const MOST_BYTES = 10_000;
const BYTES_BESIDE = 12;

/** What Discord would refuse of a message; empty: nothing. Pure. */
export function checkBody(body: object): readonly BodyIssue[] {
  const fields: Fields = { ...body };
  const components = listOf(fields["components"]);
  const isLarge = (Number(fields["flags"] ?? 0) & MessageFlags.IsComponentsV2) !== 0;
  return [
    ...(isFields(fields["allowed_mentions"])
      ? []
      : [issue("/allowed_mentions", "without it, Discord notifies whom a text names")]),
    ...tooLong("/content", textOf(fields["content"]).length, MOST.content),
    ...(isLarge ? checkLarge(fields, components) : checkRows(components)),
    ...partsOf(components, "/components").flatMap(({ part, at }) => checkPart(part, at)),
    ...repeated(components),
  ];
}

const issue = (at: string, rule: string): BodyIssue => ({ at, rule });

const tooLong = (at: string, length: number, most: number): readonly BodyIssue[] =>
  length > most ? [issue(at, `more than ${most}`)] : [];

interface Part {
  readonly part: Fields;
  readonly at: string;
}

function partsOf(components: readonly Fields[], at: string): readonly Part[] {
  return components.flatMap((part, index) => {
    const own = `${at}/${index}`;
    const { accessory, component } = part;
    return [
      { part, at: own },
      ...partsOf(listOf(part["components"]), `${own}/components`),
      ...partsOf(isFields(accessory) ? [accessory] : [], `${own}/accessory`),
      ...partsOf(isFields(component) ? [component] : [], `${own}/component`),
    ];
  });
}

function checkRows(components: readonly Fields[]): readonly BodyIssue[] {
  const strange = components.some(({ type }) => type !== ComponentType.ActionRow);
  return [
    ...tooLong("/components", components.length, MOST.rows),
    ...(strange ? [issue("/components", "needs the flag for Components V2")] : []),
  ];
}

function checkLarge(body: Fields, components: readonly Fields[]): readonly BodyIssue[] {
  const parts = partsOf(components, "/components");
  const texts = parts
    .filter(({ part }) => part["type"] === ComponentType.TextDisplay)
    .map(({ part }) => textOf(part["content"]));
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + BYTES_BESIDE, 0);
  return [
    ...(textOf(body["content"]) === "" ? [] : [issue("/content", "not with Components V2")]),
    ...(listOf(body["embeds"]).length === 0 ? [] : [issue("/embeds", "not with Components V2")]),
    ...tooLong("/components", parts.length, MOST_PARTS),
    ...tooLong("/components", texts.join("").length, MOST_SHOWN),
    ...tooLong("/components", bytes, MOST_BYTES),
  ];
}

function checkPart(part: Fields, at: string): readonly BodyIssue[] {
  const id = part["custom_id"];
  const ids = id === undefined ? [] : tooLong(`${at}/custom_id`, textOf(id).length, MOST.custom);
  return [...ids, ...(CHECKS.get(Number(part["type"]))?.(part, at) ?? [])];
}

const CHECKS: ReadonlyMap<number, (part: Fields, at: string) => readonly BodyIssue[]> = new Map([
  [ComponentType.ActionRow, checkRow],
  [ComponentType.Button, checkButton],
  [ComponentType.StringSelect, checkSelect],
  [ComponentType.Section, checkSection],
  [ComponentType.TextDisplay, checkText],
]);

function checkRow(row: Fields, at: string): readonly BodyIssue[] {
  const inside = listOf(row["components"]);
  const width = inside.reduce(
    (sum, { type }) => sum + (type === ComponentType.Button ? 1 : MOST.row),
    0,
  );
  return inside.length === 0 || width > MOST.row
    ? [issue(at, "holds one to five buttons, or one select")]
    : [];
}

function checkButton({ label, emoji }: Fields, at: string): readonly BodyIssue[] {
  const isEmpty = textOf(label) === "" && !isFields(emoji);
  return [
    ...tooLong(`${at}/label`, textOf(label).length, MOST.label),
    ...(isEmpty ? [issue(at, "needs a label or an emoji")] : []),
  ];
}

function checkSelect({ options }: Fields, at: string): readonly BodyIssue[] {
  const list = listOf(options);
  return [
    ...(list.length === 0 ? [issue(`${at}/options`, "empty")] : []),
    ...tooLong(`${at}/options`, list.length, MOST.options),
    ...list.flatMap((option, index) =>
      ["label", "value"].flatMap((name) => {
        const { length } = textOf(option[name]);
        const where = `${at}/options/${index}/${name}`;
        return length === 0 ? [issue(where, "empty")] : tooLong(where, length, MOST.option);
      }),
    ),
  ];
}

function checkSection({ components, accessory }: Fields, at: string): readonly BodyIssue[] {
  const { length } = listOf(components);
  return [
    ...(length === 0 || length > 3 ? [issue(at, "holds one to three texts")] : []),
    ...(isFields(accessory) ? [] : [issue(`${at}/accessory`, "missing")]),
  ];
}

function checkText({ content }: Fields, at: string): readonly BodyIssue[] {
  return textOf(content).trim() === "" ? [issue(`${at}/content`, "empty")] : [];
}

function repeated(components: readonly Fields[]): readonly BodyIssue[] {
  const ids = partsOf(components, "").flatMap(({ part }) => part["custom_id"] ?? []);
  return new Set(ids).size === ids.length ? [] : [issue("/components", "the same custom_id twice")];
}
