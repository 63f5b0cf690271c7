import { isFields, type Fields } from "../../servers/slack/state/fields.ts";

interface Check {
  readonly root: Fields;
  readonly at: string;
}

/** What a JSON schema (draft 4 to 7, as far as Slack's goes) says is wrong with a value. */
export function problemsBySchema(value: unknown, schema: unknown): readonly string[] {
  if (!isFields(schema)) throw new Error("The schema is no object.");
  return check(value, schema, { root: schema, at: "" });
}

function check(value: unknown, rule: Fields, on: Check): readonly string[] {
  const { $ref } = rule;
  if (typeof $ref === "string") return check(value, refer($ref, on.root), on);
  const shape = typeof rule["type"] === "string" && !hasType(value, rule["type"]);
  if (shape) return [`${on.at} is no ${String(rule["type"])}`];
  if (typeof value === "string") return checkText(value, rule, on);
  if (Array.isArray(value)) return checkList(value, rule, on);
  return isFields(value) ? checkFields(value, rule, on) : [];
}

function refer(ref: string, root: Fields): Fields {
  const name = ref.replace("#/definitions/", "");
  const definitions = isFields(root["definitions"]) ? root["definitions"] : {};
  const found = definitions[name];
  if (!isFields(found)) throw new Error(`There is no definition ${name}.`);
  return found;
}

function hasType(value: unknown, type: string): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isFields(value) && !Array.isArray(value);
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

const limit = (rule: Fields, name: string, otherwise: number): number =>
  typeof rule[name] === "number" ? rule[name] : otherwise;

function checkText(value: string, rule: Fields, { at }: Check): readonly string[] {
  const most = limit(rule, "maxLength", Infinity);
  const least = limit(rule, "minLength", 0);
  const { pattern, enum: allowed } = rule;
  return [
    ...(value.length > most ? [`${at} is longer than ${most}`] : []),
    ...(value.length < least ? [`${at} is shorter than ${least}`] : []),
    ...(typeof pattern === "string" && !new RegExp(pattern).test(value) ? [`${at} is amiss`] : []),
    ...(Array.isArray(allowed) && !allowed.includes(value) ? [`${at} is not allowed`] : []),
  ];
}

function checkList(value: readonly unknown[], rule: Fields, on: Check): readonly string[] {
  const most = limit(rule, "maxItems", Infinity);
  const { items } = rule;
  return [
    ...(value.length > most ? [`${on.at} has more than ${most}`] : []),
    ...(rule["uniqueItems"] && new Set(value).size < value.length ? [`${on.at} repeats`] : []),
    ...(isFields(items)
      ? value.flatMap((item, index) => check(item, items, { ...on, at: `${on.at}/${index}` }))
      : []),
  ];
}

function checkFields(value: Fields, rule: Fields, on: Check): readonly string[] {
  const known = isFields(rule["properties"]) ? rule["properties"] : {};
  const required = Array.isArray(rule["required"]) ? rule["required"] : [];
  const missing = required.filter((name) => !(String(name) in value));
  const unknown = Object.keys(value).filter(
    (name) => rule["additionalProperties"] === false && !(name in known),
  );
  return [
    ...missing.map((name) => `${on.at}/${String(name)} is missing`),
    ...Object.entries(known).flatMap(([name, inner]) =>
      name in value && isFields(inner)
        ? check(value[name], inner, { ...on, at: `${on.at}/${name}` })
        : [],
    ),
    ...unknown.map((name) => `${on.at}/${name} is unknown`),
  ];
}
